import { describe, expect, it } from 'vitest';
import { chooseEngine } from '../../../sdk/helper/choose-engine.ts';
import type { Engine, Tier } from '../../../shared/engine.ts';
import { jsEngineFromFirst } from '../../../shared/kernels/js-engine.ts';
import { seeded } from '../../../shared/random.ts';
import { DEFAULT_SIZE, randomCase } from '../../helpers/engine-case.ts';

const of = randomCase({ ...DEFAULT_SIZE, rows: 20 }, seeded('choose'));
const model = { meta: of, tensors: of.first } as unknown as Parameters<typeof chooseEngine>[1];

/** A clock that only moves while an engine runs. */
function bench() {
  let now = 0;
  const disposed: Tier[] = [];
  const engine = (tier: Tier, ms: number, off = 0): Engine => {
    const js = jsEngineFromFirst(of, of.first);
    return {
      tier,
      encodeSession: async (input) => {
        now += ms;
        return (await js.encodeSession(input)).map((value) => value + off);
      },
      score: js.score,
      dispose: () => void disposed.push(tier),
    };
  };
  return { engine, disposed, clock: () => now };
}

describe('the choice of an engine', () => {
  it('falls on the faster one, and disposes of the other', async () => {
    const { engine, disposed, clock } = bench();
    const openers = [async () => engine('ort-wasm', 3), async () => engine('ort-webgpu', 2)];
    expect((await chooseEngine(openers, model, clock))?.tier).toBe('ort-webgpu');
    expect(disposed).toEqual(['ort-wasm']);
    const slowGpu = [async () => engine('ort-wasm', 3), async () => engine('ort-webgpu', 4)];
    expect((await chooseEngine(slowGpu, model, clock))?.tier).toBe('ort-wasm');
  });

  it('never falls on one that gives other numbers, however fast, NaN included', async () => {
    for (const off of [0.01, Number.NaN]) {
      const { engine, disposed, clock } = bench();
      const openers = [async () => engine('ort-wasm', 3), async () => engine('ort-webgpu', 1, off)];
      expect((await chooseEngine(openers, model, clock))?.tier).toBe('ort-wasm');
      expect(disposed).toEqual(['ort-webgpu']);
    }
  });

  it('leaves out what cannot be opened; none at all where nothing is left', async () => {
    const { engine, clock } = bench();
    const lost = async (): Promise<Engine> => Promise.reject(new Error('device lost'));
    expect((await chooseEngine([lost, async () => engine('ort-wasm', 3)], model, clock))?.tier).toBe(
      'ort-wasm',
    );
    expect(await chooseEngine([lost], model, clock)).toBeUndefined();
  });
});
