import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { clusteredMean } from '../../../trainer-server/uplift/clustered-mean.ts';

describe('mean of clustered scores', () => {
  it('has the textbook interval where every visitor decides once', () => {
    // Mean 2, standard deviation sqrt(2), standard error sqrt(2) / sqrt(2) = 1.
    const { value, low, high } = clusteredMean([1, 3], [0, 1]);
    expect(value).toBe(2);
    expect(high - value).toBeCloseTo(1.959964, 6);
    expect(value - low).toBeCloseTo(1.959964, 6);
  });

  it('does not grow surer when each visitor is counted twice', () => {
    const once = clusteredMean([1, 3, 8], [0, 1, 2]);
    const twice = clusteredMean([1, 1, 3, 3, 8, 8], [0, 0, 1, 1, 2, 2]);
    expect(twice.value).toBeCloseTo(once.value, 12);
    expect(twice.low).toBeCloseTo(once.low, 12);
    expect(twice.high).toBeCloseTo(once.high, 12);
  });

  it('means only what has weight', () => {
    expect(clusteredMean([1, 5, 100], [0, 1, 2], (i) => (i < 2 ? 1 : 0)).value).toBe(3);
  });

  it('has no end where one visitor is all there is', () => {
    const { low, high } = clusteredMean([1, 2, 3], [7, 7, 7]);
    expect([low, high]).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  it('covers the truth in 95 of 100 samples of correlated decisions', () => {
    const random = seeded('coverage');
    let covered = 0;
    const samples = 2000;
    for (let sample = 0; sample < samples; sample++) {
      const values: number[] = [];
      const cluster: number[] = [];
      for (let visitor = 0; visitor < 60; visitor++) {
        const own = random.normal();
        for (let k = 0; k < 3; k++) {
          values.push(own + 0.5 * random.normal());
          cluster.push(visitor);
        }
      }
      const { low, high } = clusteredMean(values, cluster);
      if (low <= 0 && high >= 0) covered++;
    }
    // 60 clusters and a normal quantile: 94.5 % expected, three standard errors of 0.5 % around it.
    expect(covered / samples).toBeGreaterThan(0.93);
    expect(covered / samples).toBeLessThan(0.965);
  });
});
