import { generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifier } from '../../../sdk/worker/portable-crypto.ts';
import { fromHex, toHex } from '../../../shared/hex.ts';
import { nodeVerifier } from '../../helpers/signing.ts';

/** RFC 8032, 7.1, TEST 1 and TEST 2. */
const VECTORS = [
  {
    key: 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    message: '',
    signature:
      'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  },
  {
    key: '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    message: '72',
    signature:
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  },
];

describe('the portable verifier', () => {
  it('accepts the vectors of RFC 8032 and none of their bit flips', async () => {
    for (const { key, message, signature } of VECTORS) {
      const check = (bytes: Uint8Array) => verifier.verify(fromHex(key), bytes, fromHex(message));
      expect(await check(fromHex(signature))).toBe(true);
      for (let at = 0; at < 64; at++) {
        const flipped = fromHex(signature);
        flipped[at]! ^= 1;
        expect(await check(flipped)).toBe(false);
      }
    }
  });

  it('agrees with Node on any message, and refuses malformed keys', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array(), async (message) => {
        expect(await verifier.verify(raw, sign(null, message, privateKey), message)).toBe(true);
        expect(toHex(await verifier.sha256(message))).toBe(toHex(await nodeVerifier.sha256(message)));
      }),
      { numRuns: 20 },
    );
    expect(await verifier.verify(raw.subarray(1), new Uint8Array(64), new Uint8Array())).toBe(false);
  });
});
