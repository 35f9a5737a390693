/**
 * From the keys that a page pins to the root of today, step by step: TUF's root rotation
 * (https://theupdateframework.github.io/specification/latest/#update-root, 5.3).
 */

import { Untrusted } from './errors.ts';
import type { Root, SignedRoot } from './root.ts';
import type { Authentic } from './trust.ts';
import {
  HEX_32,
  requireEnvelope,
  requireSignatures,
  type TrustRoot,
  type Verifier,
} from './trust-signatures.ts';

/** A root that this device believes. Version 0 is the page's pin itself, which names no version. */
export interface TrustedRoot {
  version: number;
  expires: number;
  root: TrustRoot;
  release: TrustRoot;
}

/** How many steps a device follows at most: an endless chain must not hold it for ever (TUF 5.3.2). */
const LONGEST_CHAIN = 32;

/** The simple set-up: the pinned keys sign manifests themselves. They are also where every chain begins. */
export function pinnedRoot(keys: TrustRoot): TrustedRoot {
  return { version: 0, expires: Number.POSITIVE_INFINITY, root: keys, release: keys };
}

/** Freeze attack, one level up: no manifest outlives the root that names its keys (TUF 5.3.10). */
export function within({ expires }: TrustedRoot, { manifest, signers }: Authentic): Authentic {
  return { manifest: { ...manifest, expires: Math.min(manifest.expires, expires) }, signers };
}

/**
 * The root after `trusted`.
 * @throws Untrusted
 */
export async function nextRoot(raw: unknown, trusted: TrustedRoot, verifier: Verifier): Promise<TrustedRoot> {
  const envelope = requireEnvelope<Root>(raw, 'root');
  const next = requireRoot(envelope.signed);
  // Rollback and skipped steps: a root may have revoked what an older one still allows (TUF 5.3.5).
  if (trusted.version > 0 && next.version !== trusted.version + 1)
    throw new Untrusted('rollback', `root: expected version ${trusted.version + 1}, got ${next.version}`);
  // Arbitrary software attack: the old keys hand over, the new ones show that they exist (TUF 5.3.4).
  await requireSignatures(envelope, trusted.root, verifier, `root ${next.version}, by those before`);
  await requireSignatures(envelope, next.root, verifier, `root ${next.version}, by its own keys`);
  return next;
}

/**
 * Follows the documents from `trusted` to `version`, each signed by the threshold of the one before and by its own.
 * From a pin, the newest document that the pinned keys signed is the first step.
 * @param document by version; only asked for where a step is missing
 * @returns the root of that version, which may have expired, and the documents that led there
 * @throws Untrusted where a step is missing, under-signed or older than what is trusted already
 */
export async function followRoots(
  trusted: TrustedRoot,
  version: number,
  document: (version: number) => Promise<unknown>,
  verifier: Verifier,
): Promise<{ root: TrustedRoot; steps: SignedRoot[] }> {
  if (!Number.isSafeInteger(version) || version < trusted.version || version > trusted.version + 1e6) {
    throw new Untrusted('rollback', `root: expected version ${trusted.version} or later, got ${version}`);
  }
  const steps: unknown[] = [];
  let root = trusted;
  for (let at = version; at > trusted.version && root === trusted; at--) {
    if (steps.length === LONGEST_CHAIN)
      throw new Untrusted('rollback', `root: expected at most ${LONGEST_CHAIN} steps to version ${version}`);
    const step = await document(at);
    steps.unshift(step);
    if (trusted.version === 0) root = await nextRoot(step, trusted, verifier).catch(() => trusted);
  }
  for (const step of root === trusted ? steps : steps.slice(1)) root = await nextRoot(step, root, verifier);
  if (root.version === version) return { root, steps: steps as SignedRoot[] };
  throw new Untrusted('rollback', `root: expected version ${version}, got ${root.version}`);
}

function requireRoot(root: Partial<Root>): Root {
  const keys = (set: Partial<TrustRoot> | undefined): boolean =>
    Array.isArray(set?.keys) &&
    set.keys.length <= 16 &&
    set.keys.every((key) => HEX_32.test(key)) &&
    Number.isSafeInteger(set.threshold);
  const { type, format, version, expires } = root;
  if (
    type === 'root' &&
    format === 1 &&
    Number.isSafeInteger(version) &&
    version! >= 1 &&
    Number.isFinite(expires) &&
    keys(root.root) &&
    keys(root.release)
  )
    return root as Root;
  throw new Untrusted('format', `root ${version}: expected a root of format 1, got ${type} ${format}`);
}
