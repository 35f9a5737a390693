/** Ed25519 and SHA-256 by Node, independent of what browsers use. */

import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { toHex } from '../../shared/hex.ts';
import type { Manifest, SignedManifest } from '../../shared/manifest.ts';
import { keyIdOf, signedBytes, type Verifier } from '../../shared/trust-signatures.ts';

/** SPKI header of an Ed25519 public key (RFC 8410, 4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

export const nodeVerifier: Verifier = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
  async verify(publicKey, signature, message) {
    const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
    return verify(null, message, key, signature);
  },
};

export interface SigningKey {
  /** Hex. */
  publicKey: string;
  privateKey: KeyObject;
}

export function signingKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { publicKey: toHex(spki.subarray(spki.length - 32)), privateKey };
}

export async function signDocument<T>(
  signed: T,
  keys: readonly SigningKey[],
): Promise<{ signed: T; signatures: { keyId: string; signature: string }[] }> {
  const signatures = keys.map(async ({ publicKey, privateKey }) => ({
    keyId: await keyIdOf(publicKey, nodeVerifier),
    signature: toHex(sign(null, signedBytes(signed), privateKey)),
  }));
  return { signed, signatures: await Promise.all(signatures) };
}

export const signManifest = (signed: Manifest, keys: readonly SigningKey[]): Promise<SignedManifest> =>
  signDocument(signed, keys);
