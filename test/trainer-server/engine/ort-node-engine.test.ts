import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { ortNodeEngine } from '../../../trainer-server/engine/ort-node-engine.ts';
import { DEFAULT_SIZE, randomCase } from '../../helpers/engine-case.ts';
import { onnxFiles } from '../../helpers/engine-files.ts';
import { randomSession } from '../../helpers/random-session.ts';
import { engineContract } from '../../shared/kernels/engine-contract.ts';

engineContract('ONNX Runtime in Node', {
  async create(of) {
    const { text, ...first } = onnxFiles(of, 'int8');
    const engine = await ortNodeEngine(of, of.first, first);
    await engine.loadText(of.text, text);
    return engine;
  },
  tolerance: 2e-5,
  textCosine: 0.9999,
});

describe('ONNX Runtime in Node', () => {
  it('answers questions asked at once, each its own', async () => {
    const of = randomCase(DEFAULT_SIZE, seeded('at once'));
    const engine = await ortNodeEngine(of, of.first, onnxFiles(of, 'fp32'));
    const sessions = [3, 9, 1].map((length) => randomSession(length, of.rows, seeded(length)));
    const together = await Promise.all(sessions.map((session) => engine.encodeSession(session)));
    for (const [i, session] of sessions.entries()) {
      expect(await engine.encodeSession(session)).toEqual(together[i]);
    }
    engine.dispose();
  });

  it('refuses a file that is no model', async () => {
    const of = randomCase(DEFAULT_SIZE, seeded('refuses'));
    await expect(ortNodeEngine(of, of.first, { session: new Uint8Array(64) })).rejects.toThrow();
  });
});
