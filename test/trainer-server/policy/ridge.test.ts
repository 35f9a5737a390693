import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  accumulate,
  drawRidge,
  normalOf,
  posteriorOf,
  solveRidge,
} from '../../../trainer-server/policy/ridge.ts';

/** One feature and the constant: sums of 4 rows that can be inverted by hand. */
function four() {
  const normal = normalOf(1);
  for (const [x, y] of [
    [1, 3],
    [-1, 1],
    [1, 5],
    [-1, 3],
  ] as const)
    accumulate(normal, [x], y);
  return normal;
}

describe('ridge regression', () => {
  it('shrinks the slope by the penalty and leaves the constant alone', () => {
    // x'x = 4, x'y = 4: 4 / (4 + 4); the mean of y is 3.
    const [slope, constant] = solveRidge(four(), 4);
    expect(slope).toBeCloseTo(0.5, 9);
    expect(constant).toBeCloseTo(3, 5);
  });

  it('draws weights with the mean and the covariance of the posterior', () => {
    const normal = normalOf(2);
    // x'x = [[3, 2], [2, 3]] without the constant, whose rows cancel.
    for (const sign of [1, -1]) {
      accumulate(normal, [sign, sign], 0);
      accumulate(normal, [sign * Math.SQRT1_2, 0], 0);
      accumulate(normal, [0, sign * Math.SQRT1_2], 0);
    }
    const posterior = posteriorOf(normal, 1);
    const random = seeded('posterior');
    const draws = Array.from({ length: 20_000 }, () => drawRidge(posterior, 2, random));
    const covariance = (a: number, b: number): number =>
      draws.reduce((sum, w) => sum + w[a]! * w[b]!, 0) / draws.length;
    // Noise 4 times the inverse of [[4, 2], [2, 4]] = [[4, -2], [-2, 4]] / 12.
    expect(covariance(0, 0)).toBeCloseTo(4 / 3, 1);
    expect(covariance(1, 1)).toBeCloseTo(4 / 3, 1);
    expect(covariance(0, 1)).toBeCloseTo(-2 / 3, 1);
  });
});
