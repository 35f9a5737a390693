import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { bootstrap } from '../../../trainer-server/evaluate/bootstrap.ts';
import { estimatesOf } from '../../../trainer-server/evaluate/estimate.ts';
import { ESTIMATORS } from '../../../trainer-server/evaluate/estimators/index.ts';
import { type Evidence, effectiveSampleSize, overlapOf } from '../../../trainer-server/evaluate/evidence.ts';

const estimate = (name: string, evidence: Evidence): number => {
  const { part, per } = ESTIMATORS.find((estimator) => estimator.name === name)!.contributions(evidence);
  return part.reduce((sum, x) => sum + x, 0) / per.reduce((sum, x) => sum + x, 0);
};

function evidence(rows: { reward: number; weight: number; fitted?: number; direct?: number }[]): Evidence {
  return {
    count: rows.length,
    reward: Float64Array.from(rows, ({ reward }) => reward),
    weight: Float64Array.from(rows, ({ weight }) => weight),
    fitted: Float64Array.from(rows, ({ fitted = 0 }) => fitted),
    direct: Float64Array.from(rows, ({ direct = 0 }) => direct),
    cluster: Int32Array.from(rows, (_, i) => i),
  };
}

/** A log of a two-armed bandit: p(1) = 0.8 logged, 0.3 by the target; arm 0 pays 1 + noise, arm 1 pays 3 + noise. */
const TRUTH = 0.7 * 1 + 0.3 * 3;
function banditLog(seed: number, count: number, model: [number, number]): Evidence {
  const random = seeded(`bandit/${seed}`);
  return evidence(
    Array.from({ length: count }, () => {
      const arm = random.next() < 0.8 ? 1 : 0;
      return {
        reward: (arm === 1 ? 3 : 1) + 2 * random.normal(),
        weight: arm === 1 ? 0.3 / 0.8 : 0.7 / 0.2,
        fitted: model[arm]!,
        direct: 0.7 * model[0] + 0.3 * model[1],
      };
    }),
  );
}

describe('off-policy estimators', () => {
  it('agree with numbers worked by hand', () => {
    const log = evidence([
      { reward: 2, weight: 0.5, fitted: 1, direct: 1.5 },
      { reward: 0, weight: 3, fitted: 1, direct: 1.5 },
      { reward: 4, weight: 0, fitted: 2, direct: 1 },
      { reward: 1, weight: 2, fitted: 2, direct: 1 },
    ]);
    expect(estimate('ips', log)).toBeCloseTo((1 + 0 + 0 + 2) / 4, 12);
    expect(estimate('snips', log)).toBeCloseTo(3 / 5.5, 12);
    expect(estimate('clipped-ips', log)).toBeCloseTo((1 + 0 + 0 + 2) / 4, 12);
    expect(estimate('dm', log)).toBeCloseTo(5 / 4, 12);
    // Corrections: 0.5 * (2 - 1), 3 * (0 - 1), 0, 2 * (1 - 2).
    expect(estimate('dr', log)).toBeCloseTo((5 + 0.5 - 3 + 0 - 2) / 4, 12);
    expect(effectiveSampleSize(log)).toBeCloseTo(5.5 ** 2 / (0.25 + 9 + 4), 12);
    expect(overlapOf(log)).toBe(1);
  });

  it('cut weights at the square root of the sample size', () => {
    const log = evidence([
      { reward: 1, weight: 50 },
      ...Array.from({ length: 3 }, () => ({ reward: 0, weight: 0 })),
    ]);
    expect(estimate('clipped-ips', log)).toBeCloseTo(2 / 4, 12);
  });

  it('are unbiased on logs of known truth, where the plain mean is not', () => {
    const logs = Array.from({ length: 300 }, (_, seed) => banditLog(seed, 200, [0, 0]));
    const spread = (values: number[]) => {
      const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
      const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
      return { mean, error: Math.sqrt(variance / values.length) };
    };
    for (const name of ['ips', 'snips', 'dr']) {
      const { mean, error } = spread(logs.map((log) => estimate(name, log)));
      expect(Math.abs(mean - TRUTH)).toBeLessThan(4 * error);
    }
    const naive = spread(logs.map((log) => log.reward.reduce((sum, r) => sum + r, 0) / log.count));
    expect(Math.abs(naive.mean - TRUTH)).toBeGreaterThan(20 * naive.error);
  });

  it('correct a wrong model where the direct method repeats it, and gain from a right one', () => {
    const wrong = Array.from({ length: 200 }, (_, seed) => banditLog(seed, 200, [5, 0]));
    const right = Array.from({ length: 200 }, (_, seed) => banditLog(seed, 200, [1, 3]));
    const errors = (logs: Evidence[], name: string) => logs.map((log) => estimate(name, log) - TRUTH);
    const mean = (values: number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;
    const square = (values: number[]) => mean(values.map((x) => x * x));
    expect(mean(errors(wrong, 'dm'))).toBeCloseTo(3.5 - TRUTH, 9);
    expect(Math.abs(mean(errors(wrong, 'dr')))).toBeLessThan(0.15);
    expect(square(errors(right, 'dr'))).toBeLessThan(square(errors(right, 'ips')));
  });

  it('give intervals that cover the truth about as often as they say', () => {
    let covered = 0;
    const logs = 200;
    for (let seed = 0; seed < logs; seed++) {
      const log = banditLog(seed, 300, [1, 3]);
      const estimator = ESTIMATORS.find(({ name }) => name === 'dr')!;
      const { low, high } = bootstrap(estimator.contributions(log), log.cluster, seeded(seed), 200);
      if (low <= TRUTH && TRUTH <= high) covered++;
    }
    // Binomial around 0.95 with 200 draws: three standard errors either side, and the bootstrap's own smallness.
    expect(covered / logs).toBeGreaterThan(0.89);
    expect(covered / logs).toBeLessThanOrEqual(1);
  });

  it('draw visitors and not decisions: repeating every decision of a visitor narrows nothing', () => {
    const single = banditLog(1, 200, [1, 3]);
    const twice = evidence(
      [0, 1].flatMap(() =>
        Array.from({ length: 200 }, (_, i) => ({ reward: single.reward[i]!, weight: single.weight[i]! })),
      ),
    );
    twice.cluster = Int32Array.from({ length: 400 }, (_, i) => i % 200);
    const width = ({ low, high }: { low: number; high: number }) => high - low;
    const ips = ESTIMATORS[0]!;
    const one = width(bootstrap(ips.contributions(single), single.cluster, seeded(1)));
    const two = width(bootstrap(ips.contributions(twice), twice.cluster, seeded(1)));
    expect(two / one).toBeGreaterThan(0.85);
    expect(two / one).toBeLessThan(1.15);
  });
});

describe('thin evidence', () => {
  const refusal = (log: Evidence) =>
    estimatesOf(log, seeded(1)).map(({ refused, value }) => ({ refused, value }));
  const many = (count: number, of: (i: number) => { reward: number; weight: number }) =>
    evidence(Array.from({ length: count }, (_, i) => of(i)));

  it('is refused when the effective sample size is below 50', () => {
    const lines = refusal(many(1000, (i) => ({ reward: i % 7, weight: i < 20 ? 50 : 0 })));
    for (const { refused, value } of lines) {
      expect(refused).toContain('effective sample size 20.0');
      expect(value).toBeNull();
    }
  });

  it('is refused where the log never tried what the policy does', () => {
    const [first] = refusal(many(1000, (i) => ({ reward: i % 7, weight: i % 2 ? 0.8 : 0 })));
    expect(first!.refused).toContain('40 %');
  });

  it('is refused where the propensities cannot be right', () => {
    const [first] = refusal(many(1000, (i) => ({ reward: i % 7, weight: 2 + (i % 2) })));
    expect(first!.refused).toContain('propensities');
  });

  it('is refused where hardly anything ever happened', () => {
    const [first] = refusal(many(1000, (i) => ({ reward: i === 5 ? 1 : 0, weight: 1 })));
    expect(first!.refused).toContain('only 1 decisions');
  });

  it('is no reason to refuse an honest log', () => {
    for (const { refused, value } of refusal(banditLog(1, 500, [1, 3]))) {
      expect(refused).toBeUndefined();
      expect(Math.abs(value! - TRUTH)).toBeLessThan(1);
    }
  });
});
