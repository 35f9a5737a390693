import { describe, expect, it } from 'vitest';
import { learningRate } from '../../../trainer-server/graph/index.ts';

describe('learning rate schedules', () => {
  const run = { peak: 0.8, steps: 110, warmup: 10 };

  it('rise linearly to the peak, never from zero', () => {
    expect([0, 4, 9].map((step) => learningRate(run, step))).toEqual([0.08, 0.4, 0.8]);
  });

  it('fall by half a cosine: the peak, its half in the middle, nothing at the end', () => {
    expect(learningRate(run, 10)).toBeCloseTo(0.8, 12);
    expect(learningRate(run, 60)).toBeCloseTo(0.4, 12);
    expect(learningRate(run, 85)).toBeCloseTo(0.4 * (1 - Math.SQRT1_2), 12);
    expect(learningRate(run, 110)).toBeCloseTo(0, 12);
  });

  it('fall linearly to the final share, and stay there', () => {
    const linear = { ...run, shape: 'linear', final: 0.25 } as const;
    expect(learningRate(linear, 60)).toBeCloseTo(0.8 * 0.625, 12);
    expect(learningRate(linear, 110)).toBeCloseTo(0.2, 12);
    expect(learningRate(linear, 10_000)).toBeCloseTo(0.2, 12);
  });

  it('may stay at the peak', () => {
    expect(learningRate({ ...run, shape: 'constant' }, 109)).toBe(0.8);
  });
});
