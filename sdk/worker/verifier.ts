/** Ed25519 and SHA-256 by WebCrypto; by portable code where the browser lacks either. */

import type { Verifier } from '../../shared/trust-signatures.ts';
import type { StartApi, StartedApi } from './start-api.ts';

/** Set by the build. */
declare const CRYPTO_INTEGRITY: string;

/**
 * WebCrypto is missing on plain HTTP, and its Ed25519 in browsers of before 2025: only those load the portable
 * code. It is started as the helper is, by the hash that stands in this file: whoever serves the SDK's files could
 * otherwise hand out a verifier that believes everything. What a browser can do is no behaviour of the shopper's.
 */
export function openVerifier(start: StartApi): Verifier {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  let starting: Promise<StartedApi<Verifier>> | undefined;
  const portable = async () => {
    starting ??= start<Verifier>('promo-edge-crypto', CRYPTO_INTEGRITY);
    return (await starting).api;
  };
  return {
    // Bytes are handed over to it, so it is given copies.
    sha256: async (bytes) =>
      subtle === undefined
        ? (await portable()).sha256(bytes.slice())
        : new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)),
    async verify(publicKey, signature, message) {
      try {
        const key = await subtle!.importKey('raw', publicKey as BufferSource, 'Ed25519', false, ['verify']);
        return await subtle!.verify('Ed25519', key, signature as BufferSource, message as BufferSource);
      } catch (error) {
        // No key at all: every browser that knows Ed25519 says DataError.
        if ((error as Error).name === 'DataError') return false;
        return (await portable()).verify(publicKey.slice(), signature.slice(), message.slice());
      }
    },
  };
}
