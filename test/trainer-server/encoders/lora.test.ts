import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import { adapting, LORA, merged, trainedShare, withAdapters } from '../../../trainer-server/encoders/lora.ts';
import {
  matmul,
  mean,
  type Program,
  square,
  startTraining,
  sub,
} from '../../../trainer-server/graph/index.ts';

const WIDTH = 6;
const options = { ...LORA, rank: 2 };

const plain = (): Record<string, Tensor<Float32Array>> => {
  const random = seeded('plain');
  const matrix = (): Tensor<Float32Array> => ({
    shape: [WIDTH, WIDTH],
    data: Float32Array.from({ length: WIDTH * WIDTH }, () => random.normal()),
  });
  return { 'l0.ff1.w': matrix(), 'l0.ln1.w': matrix() };
};

/** How far x W V is from the answers. */
const program = (parameters: Program['parameters']): Program => ({
  parameters,
  inputs: { x: { dtype: 'f32', shape: [8, WIDTH] }, y: { dtype: 'f32', shape: [8, WIDTH] } },
  loss: (_, p, x) => {
    const told = matmul(matmul(x.x!, p['l0.ff1.w']!), p['l0.ln1.w']!);
    return { loss: mean(square(sub(told, x.y!))) };
  },
  optimiser: { weightDecay: 0 },
});

const batch = (): Record<string, Float32Array> => {
  const random = seeded('batch');
  const draw = (): Float32Array => Float32Array.from({ length: 8 * WIDTH }, () => random.normal());
  return { x: draw(), y: draw() };
};

describe('low-rank adaptation', () => {
  it('changes nothing before it has learned, trains the adapters alone, and merges to the same answers', async () => {
    const before = plain();
    const parameters = withAdapters(before, options, seeded('adapters'));
    const exact = await startTraining(program(before));
    const adapted = await startTraining(adapting(program(parameters), options));
    try {
      const feeds = batch();
      const { loss: start } = await exact.evaluate(feeds);
      expect((await adapted.evaluate(feeds)).loss).toBeCloseTo(start, 5);
      for (let step = 0; step < 30; step++) await adapted.step(feeds, 0.02);
      const after = await adapted.parameters();
      for (const [name, { data }] of Object.entries(before))
        expect([...after[name]!.data]).toEqual([...data]);
      const { loss: learned } = await adapted.evaluate(feeds);
      expect(learned).toBeLessThan(0.8 * start);

      const whole = await startTraining(program(merged(after, options)));
      expect((await whole.evaluate(feeds)).loss).toBeCloseTo(learned, 4);
      await whole.close();
    } finally {
      await exact.close();
      await adapted.close();
    }
  });

  it('adapts projections and leaves the rest: 2 x 6 x 2 values beside two matrices of 36', () => {
    const parameters = withAdapters(plain(), options, seeded('adapters'));
    expect(Object.keys(parameters)).toEqual(['l0.ff1.w', 'l0.ln1.w', 'l0.ff1.w.lora.a', 'l0.ff1.w.lora.b']);
    expect(trainedShare(parameters)).toBeCloseTo(24 / 72, 9);
    expect(Object.keys(merged(parameters, options))).toEqual(['l0.ff1.w', 'l0.ln1.w']);
  });
});
