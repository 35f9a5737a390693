import { describe, expect, it } from 'vitest';
import {
  type AdamW,
  add,
  mul,
  type Program,
  startTraining,
  sum,
} from '../../../trainer-server/graph/index.ts';

const PLAIN = { weightDecay: 0, clipNorm: Number.POSITIVE_INFINITY };

/** A loss whose gradient is what is fed. */
const program = (optimiser: Partial<AdamW>): Program => ({
  parameters: {
    w: { shape: [1, 2], data: Float32Array.of(2, -4) },
    bias: { shape: [2], data: Float32Array.of(1, 1) },
  },
  inputs: { gw: { dtype: 'f32', shape: [1, 2] }, gb: { dtype: 'f32', shape: [2] } },
  loss: (_, p, x) => ({ loss: add(sum(mul(p.w!, x.gw!)), sum(mul(p.bias!, x.gb!))) }),
  optimiser,
});

async function stateAfter(optimiser: Partial<AdamW>, rate: number, steps: { gw: number[]; gb: number[] }[]) {
  const training = await startTraining(program(optimiser), { threads: 1 });
  for (const { gw, gb } of steps) {
    await training.step({ gw: Float32Array.from(gw), gb: Float32Array.from(gb) }, rate);
  }
  const state = await training.state();
  await training.close();
  return (name: string): number[] => Array.from(state[name]!.data);
}

/** Algorithm 2 of arXiv 1711.05101 for one parameter, in double precision. */
function reference(start: number, gradients: number[], rate: number, decay: number): number {
  let [w, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    const step = m / (1 - 0.9 ** (i + 1)) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
    w -= rate * (step + decay * w);
  });
  return w;
}

describe('AdamW', () => {
  it('follows the published algorithm, decay decoupled from the gradient', async () => {
    const steps = [3, -1, 0.5, 0.25].map((g) => ({ gw: [g, -g], gb: [g, 2 * g] }));
    const read = await stateAfter({ ...PLAIN, weightDecay: 0.5 }, 0.1, steps);
    const gradients = [3, -1, 0.5, 0.25];
    const expected = [
      reference(2, gradients, 0.1, 0.5),
      reference(
        -4,
        gradients.map((g) => -g),
        0.1,
        0.5,
      ),
    ];
    read('parameter/w').forEach((value, i) => {
      expect(value).toBeCloseTo(expected[i]!, 5);
    });
  });

  it('does not decay vectors unless told to', async () => {
    const still = [{ gw: [0, 0], gb: [0, 0] }];
    const usual = await stateAfter({ ...PLAIN, weightDecay: 0.5 }, 0.1, still);
    expect(usual('parameter/w')).toEqual([2 * 0.95, -4 * 0.95].map(Math.fround));
    expect(usual('parameter/bias')).toEqual([1, 1]);
    const told = await stateAfter(
      { ...PLAIN, weightDecay: 0.5, decays: (name) => name === 'bias' },
      0.1,
      still,
    );
    expect(told('parameter/w')).toEqual([2, -4]);
    expect(told('parameter/bias')).toEqual([0.95, 0.95].map(Math.fround));
  });

  it('clips all gradients together by their global norm', async () => {
    // Norm 5 of (3, 0) and (0, 4), clipped to 1: a fifth of each enters the moments.
    const read = await stateAfter({ ...PLAIN, clipNorm: 1 }, 0.1, [{ gw: [3, 0], gb: [0, 4] }]);
    expect(read('first-moment/w')[0]).toBeCloseTo(0.1 * 0.6, 6);
    expect(read('first-moment/bias')[1]).toBeCloseTo(0.1 * 0.8, 6);
    expect(read('second-moment/w')[0]).toBeCloseTo(0.001 * 0.36, 8);
  });

  it('leaves gradients below the clipping norm as they are', async () => {
    const read = await stateAfter({ ...PLAIN, clipNorm: 10 }, 0.1, [{ gw: [3, 0], gb: [0, 4] }]);
    expect(read('first-moment/w')[0]).toBeCloseTo(0.3, 6);
  });

  it('moves nothing at a learning rate of 0', async () => {
    const read = await stateAfter({ weightDecay: 0.5 }, 0, [{ gw: [3, 1], gb: [2, 4] }]);
    expect(read('parameter/w')).toEqual([2, -4]);
  });
});
