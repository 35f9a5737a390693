import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { effectiveSampleSize, overlapOf } from '../../../trainer-server/evaluate/diagnostics.ts';
import type { Contributions } from '../../../trainer-server/evaluate/estimators/estimator.ts';
import { ESTIMATORS } from '../../../trainer-server/evaluate/estimators/index.ts';
import { switchedAt } from '../../../trainer-server/evaluate/estimators/switch-dr.ts';
import type { Evidence } from '../../../trainer-server/evaluate/evidence.ts';
import { banditLog, evidence, TRUTH } from '../../helpers/bandit-log.ts';

/** Made with the pipeline's own estimators, on 24 decisions among 4 actions. */
const OPEN_BANDIT = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../cases/obp-estimators.json'), 'utf8'),
) as {
  /** [n][actions] */
  target: number[][];
  modelled: number[][];
  action: number[];
  propensity: number[];
  reward: number[];
  expected: Record<'ips' | 'snips' | 'dm' | 'dr', number> & { switch: Record<string, number> };
};

const worth = ({ part, per }: Contributions): number =>
  part.reduce((sum, x) => sum + x, 0) / per.reduce((sum, x) => sum + x, 0);
const estimate = (name: string, log: Evidence): number =>
  worth(ESTIMATORS.find((estimator) => estimator.name === name)!.contributions(log));

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
    expect(estimate('dm', log)).toBeCloseTo(5 / 4, 12);
    // Corrections: 0.5 * (2 - 1), 3 * (0 - 1), 0, 2 * (1 - 2).
    expect(estimate('dr', log)).toBeCloseTo((5 + 0.5 - 3 + 0 - 2) / 4, 12);
    expect(effectiveSampleSize(log)).toBeCloseTo(5.5 ** 2 / (0.25 + 9 + 4), 12);
    expect(overlapOf(log)).toBe(1);
  });

  it('cut huge weights where that lowers the error, and leave tame ones alone', () => {
    // Mean reward 0.2; one decision in 200 weighs 100, the others so that weights average one.
    const rare = (seed: number): Evidence => {
      const random = seeded(`rare/${seed}`);
      return evidence(
        Array.from({ length: 100 }, () => ({
          weight: random.next() < 0.005 ? 100 : 0.5 / 0.995,
          reward: 0.2 + random.normal(),
          fitted: 0.2,
          direct: 0.2,
        })),
      );
    };
    const logs = Array.from({ length: 400 }, (_, seed) => rare(seed));
    const error = (name: string) => logs.reduce((sum, log) => sum + (estimate(name, log) - 0.2) ** 2, 0);
    expect(error('clipped-ips')).toBeLessThan(0.9 * error('ips'));
    expect(error('switch-dr')).toBeLessThan(error('dr'));
    const tame = banditLog(1, 500, [0, 0]);
    expect(estimate('clipped-ips', tame)).toBe(estimate('ips', tame));
    expect(estimate('switch-dr', tame)).toBe(estimate('dr', tame));
  });

  it('agree with the Open Bandit Pipeline', () => {
    const { target, modelled, action, propensity, reward, expected } = OPEN_BANDIT;
    const log = evidence(
      action.map((a, i) => ({
        reward: reward[i]!,
        weight: target[i]![a]! / propensity[i]!,
        fitted: modelled[i]![a]!,
        direct: target[i]!.reduce((sum, p, j) => sum + p * modelled[i]![j]!, 0),
      })),
    );
    for (const name of ['ips', 'snips', 'dm', 'dr'] as const)
      expect(estimate(name, log)).toBeCloseTo(expected[name], 10);
    for (const [threshold, value] of Object.entries(expected.switch))
      expect(worth(switchedAt(log, Number(threshold)))).toBeCloseTo(value, 10);
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
});
