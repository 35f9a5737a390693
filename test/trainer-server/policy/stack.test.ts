import { describe, expect, it } from 'vitest';
import type { PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import type { Predictions } from '../../../trainer-server/policy/predict.ts';
import { corrected, correctionOf, surelyBorne } from '../../../trainer-server/policy/stack.ts';

/** Four decisions of four visitors (or of two), two promotions each, the second one taken. */
function case4(visitor: number[]): { data: PolicyData; linear: Predictions; networks: Predictions } {
  const data = {
    count: 4,
    offsets: Int32Array.of(0, 2, 4, 6, 8),
    chosen: Int32Array.of(1, 1, 1, 1),
    propensity: Float64Array.of(0.5, 0.5, 0.5, 0.5),
    visitor: Int32Array.from(visitor),
  } as Partial<PolicyData> as PolicyData;
  const zeros = (n: number) => new Float32Array(n);
  const linear = { value: zeros(4), level: zeros(4), advantage: zeros(8) };
  const networks = { ...linear, advantage: Float32Array.of(-1, 1, 1, -1, -1, 1, 1, -1) };
  return { data, linear, networks };
}

describe("trust in the networks' corrections", () => {
  it('is the least-squares weight on the left-out targets, with its standard errors', () => {
    const { data, linear, networks } = case4([0, 1, 2, 3]);
    // x = 1, -1, 1, -1 and y = 1, 0, 1, 0: weight 2/4, and 2 over the root of 1 + 0 + 1 + 0.
    const { weight, errors } = correctionOf(data, linear, networks, Float32Array.of(1, 0, 1, 0));
    expect(weight).toBeCloseTo(0.5, 9);
    expect(errors).toBeCloseTo(2 / Math.sqrt(2), 9);
  });

  it('counts a visitor once, however many decisions agree', () => {
    const { data, linear, networks } = case4([0, 1, 0, 1]);
    // Visitor 0 sums to 2, visitor 1 to 0.
    expect(correctionOf(data, linear, networks, Float32Array.of(1, 0, 1, 0)).errors).toBeCloseTo(1, 9);
  });

  it('hears nothing in an error of the level, whatever the log preferred', () => {
    // Eight times in ten the log takes the second promotion; every target is 1 above what the state led to expect.
    const chosen = Int32Array.of(1, 1, 1, 1, 1, 1, 1, 1, 0, 0);
    const data = {
      count: 10,
      offsets: Int32Array.from({ length: 11 }, (_, i) => 2 * i),
      chosen,
      propensity: Float64Array.from(chosen, (action) => (action === 1 ? 0.8 : 0.2)),
      visitor: Int32Array.from({ length: 10 }, (_, i) => i),
    } as Partial<PolicyData> as PolicyData;
    const zeros = (n: number) => new Float32Array(n);
    const linear = { value: zeros(10), level: zeros(10), advantage: zeros(20) };
    const networks = { ...linear, advantage: Float32Array.from({ length: 20 }, (_, k) => (k % 2 ? 1 : -1)) };
    // 8 / 1.6 - 2 / 0.4: nothing; without the weights it would be 6 in 10.
    expect(correctionOf(data, linear, networks, new Float32Array(10).fill(1)).weight).toBeCloseTo(0, 9);
    // The second promotion does bring 1 more, the first 1 less: all of it, weighed or not.
    const told = Float32Array.from(chosen, (action) => (action === 1 ? 1 : -1));
    expect(correctionOf(data, linear, networks, told).weight).toBeCloseTo(1, 9);
  });

  it('is never less than none', () => {
    const { data, linear, networks } = case4([0, 1, 2, 3]);
    const { weight } = correctionOf(data, linear, networks, Float32Array.of(-1, 0, -1, 0));
    expect(weight).toBe(0);
    expect(corrected(linear, networks, { advantage: weight }).advantage).toEqual(linear.advantage);
  });

  it('is surely no more than at the lower end of its interval: half of it at twice the width', () => {
    expect(surelyBorne({ weight: 0.8, errors: 4 }, 2)).toBeCloseTo(0.4, 12);
    expect(surelyBorne({ weight: 0.8, errors: 2 }, 2)).toBe(0);
    expect(surelyBorne({ weight: 0, errors: -3 }, 2)).toBe(0);
  });
});
