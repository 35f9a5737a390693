/** Root documents: drafted anywhere, signed offline by each key holder, adopted by the server when enough have signed. */

import { sign } from 'node:crypto';
import { BadInput, placed } from '../../shared/errors.ts';
import { read } from '../../shared/read.ts';
import { type KeySet, type Root, rootSchema, type SignedRoot, signedRootSchema } from '../../shared/root.ts';
import { nextRoot, pinnedRoot } from '../../shared/trust-root.ts';
import { signedBytes } from '../../shared/trust-signatures.ts';
import type { Store } from '../store/store.ts';
import type { ReleaseKey } from './keys.ts';
import { nodeVerifier } from './node-verifier.ts';

export const ROOT = {
  /** Days that devices believe a root: long, since its keys are offline, and an end to what a stolen one can do. */
  expiresDays: 730,
} as const;

const DAY = 24 * 3_600_000;

export interface RootChange {
  root?: Partial<KeySet>;
  release?: Partial<KeySet>;
  expiresDays: number;
  /** Epoch ms. */
  now: number;
}

/**
 * The first root, or the one after `previous`; what the change does not name stays.
 * @returns without signatures yet
 * @throws BadInput for a threshold that the keys cannot reach
 */
export function draftRoot({ root, release, expiresDays, now }: RootChange, previous?: Root): SignedRoot {
  const merged = (
    change: Partial<KeySet> | undefined,
    before: KeySet | undefined,
    option: string,
  ): KeySet => {
    const keys = change?.keys ?? before?.keys;
    if (keys === undefined) throw new BadInput({ field: option }, 'keys for the first root', 'none');
    return { keys, threshold: change?.threshold ?? before?.threshold ?? 1 };
  };
  const signed = read(rootSchema, {
    type: 'root',
    format: 1,
    version: (previous?.version ?? 0) + 1,
    expires: now + expiresDays * DAY,
    root: merged(root, previous?.root, '--root-keys'),
    release: merged(release, previous?.release, '--release-keys'),
  });
  return { signed, signatures: [] };
}

/** Adds a key holder's signature; signing twice changes nothing. */
export function signRoot({ signed, signatures }: SignedRoot, { id, privateKey }: ReleaseKey): SignedRoot {
  const signature = sign(null, signedBytes(signed), privateKey).toString('hex');
  const others = signatures.filter(({ keyId }) => keyId !== id);
  return { signed, signatures: [...others, { keyId: id, signature }] };
}

/** @throws BadInput */
export function readRoot(text: string, file: string): SignedRoot {
  try {
    return read(signedRootSchema, JSON.parse(text));
  } catch (error) {
    if (error instanceof BadInput) throw placed(error, { file });
    throw new BadInput({ file }, 'JSON', (error as Error).message);
  }
}

/**
 * Makes a root the site's newest, by the very check that devices make. Manifests signed from now on name it.
 * @throws Untrusted where too few have signed, BadInput where it is not the next one or has run out
 */
export async function adoptRoot(
  document: SignedRoot,
  { store, site, now }: { store: Store; site: string; now: number },
): Promise<void> {
  const { version, expires } = document.signed;
  const before = store.roots.current(site)?.signed;
  const next = (before?.version ?? 0) + 1;
  if (version !== next)
    throw new BadInput({ field: 'version' }, `root ${next} of site ${site}`, `${version}`);
  if (expires <= now)
    throw new BadInput({ field: 'expires' }, 'a root that has not run out', new Date(expires).toISOString());
  await nextRoot(document, before ?? pinnedRoot(document.signed.root), nodeVerifier);
  store.transaction(() => {
    store.roots.add(site, document, now);
    const signers = document.signatures.map(({ keyId }) => keyId);
    store.audit.add({ at: now, site, action: 'root', detail: { version, signers } });
  });
}
