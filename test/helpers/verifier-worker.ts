/** A worker that verifies signatures with the SDK's verifiers. Messages: {verifier, vectors}; answer: ids it got wrong. */

import { startWorker } from '../../sdk/start-worker.ts';
import { verifier as portable } from '../../sdk/worker/portable-crypto.ts';
import { apiStarter } from '../../sdk/worker/start-api.ts';
import { openVerifier } from '../../sdk/worker/verifier.ts';
import { fromHex } from '../../shared/hex.ts';
import type { Vector } from './wycheproof.ts';

interface Question {
  verifier: 'web' | 'portable';
  vectors: Vector[];
}

addEventListener('message', async ({ data }: MessageEvent<Question>) => {
  try {
    // Nothing serves the portable code here: WebCrypto or an error.
    const verifier =
      data.verifier === 'portable' ? portable : openVerifier(apiStarter(location.origin, startWorker));
    const wrong: number[] = [];
    for (const { id, publicKey, signature, message, valid } of data.vectors) {
      const accepted = await verifier.verify(fromHex(publicKey), fromHex(signature), fromHex(message));
      if (accepted !== valid) wrong.push(id);
    }
    postMessage({ wrong, tried: data.vectors.length });
  } catch (error) {
    postMessage({ error: String(error) });
  }
});
