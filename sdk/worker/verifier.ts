/** Ed25519 and SHA-256 by WebCrypto; by portable code where the browser lacks either. */

import type { Verifier } from '../../shared/trust-signatures.ts';

/**
 * WebCrypto is missing on plain HTTP, and its Ed25519 in browsers of before 2025: only those load the portable
 * code (CSP: `script-src` must then name the endpoint). What a browser can do is no behaviour of the shopper's.
 */
export async function openVerifier(endpoint: string): Promise<Verifier> {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  if (subtle !== undefined && (await knowsEd25519(subtle))) return webCrypto(subtle);
  const url = `${endpoint}/sdk/promo-edge-crypto.js`;
  const portable: { verifier: Verifier } = await import(/* @vite-ignore */ url);
  return portable.verifier;
}

function webCrypto(subtle: SubtleCrypto): Verifier {
  return {
    sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes as BufferSource)),
    async verify(publicKey, signature, message) {
      try {
        const key = await subtle.importKey('raw', publicKey as BufferSource, 'Ed25519', false, ['verify']);
        return await subtle.verify('Ed25519', key, signature as BufferSource, message as BufferSource);
      } catch {
        return false;
      }
    },
  };
}

async function knowsEd25519(subtle: SubtleCrypto): Promise<boolean> {
  try {
    // The point of RFC 8032's first test vector: any valid key will do.
    const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    const bytes = Uint8Array.from(key.match(/../g)!, (pair) => Number.parseInt(pair, 16));
    await subtle.importKey('raw', bytes, 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}
