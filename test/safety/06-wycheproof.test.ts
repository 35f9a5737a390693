import { expect, it } from 'vitest';
import { verifier as portable } from '../../sdk/worker/portable-crypto.ts';
import { openVerifier } from '../../sdk/worker/verifier.ts';
import { fromHex } from '../../shared/hex.ts';
import { nodeVerifier } from '../../trainer-server/release/node-verifier.ts';
import { wycheproof } from '../helpers/wycheproof.ts';

const vectors = wycheproof();

const verifiers = {
  'WebCrypto, as browsers use it': openVerifier(() => Promise.reject(new Error('no portable code here'))),
  'the portable verifier': portable,
  'the trainer': nodeVerifier,
};

for (const [name, verifier] of Object.entries(verifiers)) {
  it.skipIf(vectors === undefined)(
    `safety 6: ${name} agrees with all 151 vectors of Wycheproof`,
    async () => {
      const wrong: string[] = [];
      for (const { id, comment, publicKey, message, signature, valid } of vectors!) {
        const accepted = await verifier.verify(fromHex(publicKey), fromHex(signature), fromHex(message));
        if (accepted !== valid) wrong.push(`${id}: ${comment}`);
      }
      expect(wrong).toEqual([]);
      expect(vectors).toHaveLength(151);
    },
  );
}
