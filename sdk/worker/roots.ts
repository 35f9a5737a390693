/** The root that this device believes: from the page's pin, over the documents it has kept, to the one a manifest names. */

import type { SignedRoot } from '../../shared/root.ts';
import { followRoots, nextRoot, pinnedRoot, type TrustedRoot } from '../../shared/trust-root.ts';
import type { TrustRoot, Verifier } from '../../shared/trust-signatures.ts';

export interface RootsOptions {
  pin: TrustRoot;
  verifier: Verifier;
  /** A root document by its version. */
  fetch(version: number): Promise<unknown>;
}

export class Roots {
  current: TrustedRoot;
  /** The documents that lead from the pin to `current`. */
  steps: readonly SignedRoot[] = [];

  constructor(readonly options: RootsOptions) {
    this.current = pinnedRoot(options.pin);
  }

  /**
   * Walks kept documents again, so that what is kept is as good as its signatures. A page that pins other keys by
   * now begins anew: its word stands above what the device remembers.
   */
  async restore(steps: readonly SignedRoot[] = []): Promise<void> {
    if (steps.length <= this.steps.length) return;
    let root = pinnedRoot(this.options.pin);
    try {
      for (const step of steps) root = await nextRoot(step, root, this.options.verifier);
      this.current = root;
      this.steps = steps;
    } catch {}
  }

  /**
   * @param carried the document of that version where it came with the manifest
   * @returns true where it led to another root
   * @throws Untrusted where that version is older than what is believed, or not signed by those before it
   */
  async follow(version: number, carried: unknown): Promise<boolean> {
    if (version === this.current.version) return false;
    const document = async (at: number) =>
      at === version && carried !== undefined ? carried : this.options.fetch(at);
    const { root, steps } = await followRoots(this.current, version, document, this.options.verifier);
    this.current = root;
    this.steps = [...this.steps, ...steps];
    return true;
  }
}
