/** Root documents signed by whom a test likes, and the chain that a shop would publish. */

import type { KeySet, Root, SignedRoot } from '../../shared/root.ts';
import { type SigningKey, signDocument, signingKey } from './signing.ts';

export const keySet = (keys: readonly SigningKey[], threshold = keys.length): KeySet => ({
  keys: keys.map(({ publicKey }) => publicKey),
  threshold,
});

export interface RootCase {
  version: number;
  root: KeySet;
  release: KeySet;
  signers: readonly SigningKey[];
  /** Epoch ms; far away where absent. */
  expires?: number;
}

export function signRoot({
  version,
  root,
  release,
  signers,
  expires = 4_000_000_000_000,
}: RootCase): Promise<SignedRoot> {
  const signed: Root = { type: 'root', format: 1, version, expires, root, release };
  return signDocument(signed, signers);
}

export interface Rotation {
  /** The root keys of versions 0 (what pages pin) to `length`: two of three each, one of the three new each time. */
  rootKeys: SigningKey[][];
  /** The release key of each version; `releaseKeys[0]` is none of any root. */
  releaseKeys: SigningKey[];
  /** Root 1 is `documents[0]`; each is signed by two of the keys before it and two of its own. */
  documents: SignedRoot[];
}

/** A chain of `length` roots, in which the holders change one by one. */
export async function rotation(length: number, last: Partial<RootCase> = {}): Promise<Rotation> {
  const holders = Array.from({ length: length + 3 }, signingKey);
  const rootKeys = Array.from({ length: length + 1 }, (_, version) => holders.slice(version, version + 3));
  const releaseKeys = Array.from({ length: length + 1 }, signingKey);
  const documents: SignedRoot[] = [];
  for (let version = 1; version <= length; version++) {
    documents.push(
      await signRoot({
        version,
        root: keySet(rootKeys[version]!, 2),
        release: keySet([releaseKeys[version]!]),
        // Both are among the three before and the three now.
        signers: rootKeys[version]!.slice(0, 2),
        ...(version === length ? last : {}),
      }),
    );
  }
  return { rootKeys, releaseKeys, documents };
}
