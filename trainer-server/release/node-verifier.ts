/** Ed25519 and SHA-256 by Node, for the trainer's own checks of what it is about to publish. */

import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Verifier } from '../../shared/trust-signatures.ts';

export const nodeVerifier: Verifier = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest(),
  async verify(publicKey, signature, message) {
    const x = Buffer.from(publicKey).toString('base64url');
    try {
      const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
      return verify(null, message, key, signature);
    } catch {
      return false;
    }
  },
};
