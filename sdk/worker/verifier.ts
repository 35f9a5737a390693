/** Ed25519 and SHA-256 by WebCrypto; by portable code where the browser lacks either. */

import type { RemoteObject } from 'comlink';
import type { Verifier } from '../../shared/trust-signatures.ts';
import { wrap } from '../remote.ts';
import { startFile } from '../start-file.ts';

/** Set by the build. */
declare const CRYPTO_INTEGRITY: string;

/**
 * WebCrypto is missing on plain HTTP, and its Ed25519 in browsers of before 2025: only those load the portable
 * code. It is started as the helper is, by the hash that stands in this file: whoever serves the SDK's files could
 * otherwise hand out a verifier that believes everything. What a browser can do is no behaviour of the shopper's.
 */
export function openVerifier(endpoint: string): Verifier {
  const subtle = (globalThis.crypto as Crypto | undefined)?.subtle;
  let starting: Promise<RemoteObject<Verifier>> | undefined;
  const portable = (): Promise<RemoteObject<Verifier>> => {
    starting ??= start(endpoint).catch((error) => {
      starting = undefined;
      throw error;
    });
    return starting;
  };
  return {
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

/** Bytes are handed over to it, so it is given copies. */
async function start(endpoint: string): Promise<RemoteObject<Verifier>> {
  let verifier!: RemoteObject<Verifier>;
  await startFile(
    { endpoint, name: 'promo-edge-crypto', integrity: CRYPTO_INTEGRITY },
    (port) => {
      verifier = wrap(port);
    },
    () => undefined,
  );
  return verifier;
}
