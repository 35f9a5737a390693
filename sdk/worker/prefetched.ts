/** What the page fetched, and read of what is kept, while the worker was starting. Nothing of it has been checked. */

import type { WorkerApi } from '../protocol.ts';
import { type Deferred, deferred } from './deferred.ts';
import type { LastKept } from './last-kept.ts';

export class Prefetched {
  #manifest = deferred<string | undefined>();
  #kept = deferred<LastKept>();
  #files = new Map<string, Deferred<Uint8Array | undefined>>();

  get manifest(): Promise<string | undefined> {
    return this.#manifest.promise;
  }

  /** Never settles where the page cannot read all of it. */
  get kept(): Promise<LastKept> {
    return this.#kept.promise;
  }

  offer(...[manifest, coming, kept]: Parameters<WorkerApi['offer']>): void {
    for (const sha256 of coming) this.#files.set(sha256, deferred());
    if (kept === undefined) this.#manifest.resolve(manifest);
    else if (manifest !== undefined) void this.#keep(manifest, coming, kept.roots);
  }

  deliver(sha256: string, bytes: Uint8Array | undefined): void {
    this.#files.get(sha256)?.resolve(bytes);
  }

  /** A file once: what turned out to be wrong is fetched anew. Undefined where it is not on its way, or got lost. */
  async take(sha256: string): Promise<Uint8Array | undefined> {
    const bytes = await this.#files.get(sha256)?.promise;
    this.#files.delete(sha256);
    return bytes;
  }

  async #keep(manifest: string, coming: readonly string[], roots: LastKept['roots']): Promise<void> {
    const files = new Map<string, Uint8Array>();
    for (const sha256 of coming) {
      const bytes = await this.take(sha256);
      if (bytes === undefined) return;
      files.set(sha256, bytes);
    }
    this.#kept.resolve({ release: { manifest, files }, roots });
  }
}
