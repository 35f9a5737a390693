/** Signs a manifest: Ed25519 over its canonical JSON. Verification is `shared/trust.ts`. */

import { sign } from 'node:crypto';
import { type Manifest, manifestSchema, type SignedManifest } from '../../shared/manifest.ts';
import { read } from '../../shared/read.ts';
import { signedBytes } from '../../shared/trust-signatures.ts';
import type { ReleaseKey } from './keys.ts';

/** @throws BadInput where it is no manifest: what devices would refuse is not signed */
export function signManifest(manifest: Manifest, keys: readonly ReleaseKey[]): SignedManifest {
  const signed = read(manifestSchema, manifest);
  const bytes = signedBytes(signed);
  const signatures = keys.map(({ id, privateKey }) => ({
    keyId: id,
    signature: sign(null, bytes, privateKey).toString('hex'),
  }));
  return { signed, signatures };
}
