/** A file of its own, loaded only where WebCrypto lacks Ed25519 or is missing. */

import { hashes, verify } from '@noble/ed25519';
import { sha256, sha512 } from '@noble/hashes/sha2.js';
import type { Verifier } from '../../shared/trust-signatures.ts';

hashes.sha512 = sha512;

export const verifier: Verifier = {
  sha256: async (bytes) => sha256(bytes),
  async verify(publicKey, signature, message) {
    try {
      // Strict RFC 8032, as WebCrypto: ZIP 215 accepts what others refuse.
      return verify(signature, message, publicKey, { zip215: false });
    } catch {
      return false;
    }
  },
};
