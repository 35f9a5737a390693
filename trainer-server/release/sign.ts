/** Signs a manifest: Ed25519 over its canonical JSON. Verification is `shared/trust.ts`. */

import { sign } from 'node:crypto';
import { BadInput } from '../../shared/errors.ts';
import { type Manifest, manifestSchema, type SignedManifest } from '../../shared/manifest.ts';
import { read } from '../../shared/read.ts';
import type { SignedRoot } from '../../shared/root.ts';
import { signedBytes } from '../../shared/trust-signatures.ts';
import type { ReleaseKey } from './keys.ts';

/**
 * @param root the site's newest, which travels along; absent where the pages pin the keys themselves
 * @throws BadInput where it is no manifest, or not these keys' to sign: what devices would refuse is not signed
 */
export function signManifest(
  manifest: Manifest,
  keys: readonly ReleaseKey[],
  root?: SignedRoot,
): SignedManifest {
  const { rootVersion: _, ...rest } = manifest;
  const signed = read(manifestSchema, {
    ...rest,
    ...(root === undefined ? {} : { rootVersion: root.signed.version }),
  });
  if (root !== undefined) requireMaySign(root, keys, signed.created);
  const bytes = signedBytes(signed);
  const signatures = keys.map(({ id, privateKey }) => ({
    keyId: id,
    signature: sign(null, bytes, privateKey).toString('hex'),
  }));
  return { signed, signatures, ...(root === undefined ? {} : { root }) };
}

function requireMaySign({ signed: root }: SignedRoot, keys: readonly ReleaseKey[], now: number): void {
  const { release, version, expires } = root;
  if (expires <= now) {
    const fix = 'Its key holders sign the next one: promo-edge keys root, sign, adopt';
    throw new BadInput({ field: 'root' }, 'a root that has not run out', `root ${version}, expired`, fix);
  }
  const allowed = new Set(
    keys.filter(({ publicKey }) => release.keys.includes(publicKey)).map(({ id }) => id),
  );
  if (allowed.size >= release.threshold) return;
  throw new BadInput(
    { field: '--key' },
    `${release.threshold} of the release keys of root ${version}: ${release.keys.join(', ')}`,
    keys.map(({ publicKey }) => publicKey).join(', '),
  );
}
