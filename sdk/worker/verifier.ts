/** Ed25519 and SHA-256 by WebCrypto; by portable code where the browser lacks either. */

import type { Verifier } from '../../shared/trust-signatures.ts';

/**
 * WebCrypto is missing on plain HTTP, and its Ed25519 in browsers of before 2025: only those load the portable
 * code (CSP: `script-src` must then name the endpoint). What a browser can do is no behaviour of the shopper's.
 */
export function openVerifier(endpoint: string): Verifier {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  let loading: Promise<{ verifier: Verifier }> | undefined;
  const portable = async (): Promise<Verifier> => {
    const url = `${endpoint}/sdk/promo-edge-crypto.js`;
    loading ??= import(/* @vite-ignore */ url);
    return (await loading).verifier;
  };
  return {
    sha256: async (bytes) =>
      subtle === undefined
        ? (await portable()).sha256(bytes)
        : new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)),
    async verify(publicKey, signature, message) {
      try {
        const key = await subtle!.importKey('raw', publicKey as BufferSource, 'Ed25519', false, ['verify']);
        return await subtle!.verify('Ed25519', key, signature as BufferSource, message as BufferSource);
      } catch (error) {
        // No key at all: every browser that knows Ed25519 says DataError.
        if ((error as Error).name === 'DataError') return false;
        return (await portable()).verify(publicKey, signature, message);
      }
    },
  };
}
