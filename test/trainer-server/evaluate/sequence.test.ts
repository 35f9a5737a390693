import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import type { Contributions } from '../../../trainer-server/evaluate/estimators/estimator.ts';
import { ESTIMATORS } from '../../../trainer-server/evaluate/estimators/index.ts';
import type { Evidence } from '../../../trainer-server/evaluate/evidence.ts';
import { gatherEvidence } from '../../../trainer-server/evaluate/gather-evidence.ts';
import { longestOf, previousOf, slatesOf } from '../../../trainer-server/evaluate/sequence.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { evidence } from '../../helpers/bandit-log.ts';
import { patienceLog } from '../../helpers/patience-log.ts';

const worth = ({ part, per }: Contributions): number =>
  part.reduce((sum, x) => sum + x, 0) / per.reduce((sum, x) => sum + x, 0);
const estimate = (name: string, log: Evidence): number =>
  worth(ESTIMATORS.find((estimator) => estimator.name === name)!.contributions(log));

describe('which decisions belong together', () => {
  const at = (visitor: string, rest: { session?: string; ts?: number; slot?: string } = {}) => ({
    visitor,
    ...rest,
  });

  it('are those of a session, and of a visitor where there are no sessions', () => {
    const decisions = [
      at('a', { session: '1' }),
      at('b'),
      at('a', { session: '1' }),
      at('a', { session: '2' }),
      at('b'),
    ];
    const previous = previousOf(decisions);
    expect([...previous]).toEqual([-1, -1, 0, -1, 1]);
    expect(longestOf(previous)).toBe(2);
  });

  it('form a slate where one visitor is decided for at one moment', () => {
    const slates = slatesOf([
      at('a', { ts: 1, slot: 'home' }),
      at('a', { ts: 1, slot: 'cart' }),
      at('a', { ts: 2, slot: 'home' }),
      at('b', { ts: 1, slot: 'home' }),
      at('c'),
      at('c'),
    ]);
    expect([...slates]).toEqual([0, 0, 2, 3, 4, 5]);
  });
});

describe('estimators over several decisions', () => {
  it('agree with numbers worked by hand', () => {
    // Two trajectories: decisions 0, 1 and decision 2.
    const log: Evidence = {
      ...evidence([
        { reward: 1, weight: 2 },
        { reward: 4, weight: 0.5 },
        { reward: 3, weight: 1.5 },
      ]),
      sequence: {
        previous: Int32Array.from([-1, 0, -1]),
        fitted: Float64Array.from([3, 2, 1]),
        direct: Float64Array.from([2.5, 3, 2]),
      },
    };
    expect(estimate('per-decision-is', log)).toBeCloseTo((2 * 1 + 1 * 4 + 1.5 * 3) / 3, 12);
    expect(estimate('trajectory-is', log)).toBeCloseTo((1 * (1 + 4) + 1.5 * 3) / 3, 12);
    expect(estimate('fqe', log)).toBeCloseTo((2.5 + 2) / 3, 12);
    // Jiang and Li's recursion: V1 = 3 + 0.5 (4 - 2) = 4; V0 = 2.5 + 2 (1 + 4 - 3) = 6.5; V2 = 2 + 1.5 (3 - 1) = 5.
    expect(estimate('dr-per-decision', log)).toBeCloseTo((6.5 + 5) / 3, 12);
  });

  it('weigh a slate by the sum of what its slots differ', () => {
    // Slate weights by hand: 2 + 0.5 - 1 = 1.5 and 0.25 + 0.5 - 1 = -0.25.
    const log: Evidence = {
      ...evidence([
        { reward: 4, weight: 2 },
        { reward: 0, weight: 0.5 },
        { reward: 1, weight: 0.25 },
        { reward: 1, weight: 0.5 },
      ]),
      slate: Int32Array.from([0, 0, 2, 2]),
    };
    expect(estimate('slate-pi', log)).toBeCloseTo((1.5 * 4 - 0.25 * 2) / 4, 12);
  });

  it('find the value of slates whose slots add up, with less spread than weights multiplied', () => {
    // Three slots, two promotions each, drawn evenly; the target always takes the second: each adds 1, so 3 in all.
    const random = seeded('slates');
    const count = 6000;
    const drawn = Array.from({ length: count }, () => [0, 1, 2].map(() => random.int(2)));
    const rows = drawn.flatMap((slate) =>
      slate.map((action, slot) => ({
        reward: slot === 0 ? slate.reduce((sum, a) => sum + a, 0) + random.normal() : 0,
        weight: action === 1 ? 2 : 0,
      })),
    );
    const log: Evidence = {
      ...evidence(rows),
      slate: Int32Array.from(rows, (_, i) => Math.floor(i / 3)),
      sequence: {
        previous: Int32Array.from(rows, (_, i) => (i % 3 === 0 ? -1 : i - 1)),
        fitted: new Float64Array(rows.length),
        direct: new Float64Array(rows.length),
      },
    };
    const spread = (name: string) => {
      const { part } = ESTIMATORS.find((estimator) => estimator.name === name)!.contributions(log);
      const sums = Array.from(
        { length: count },
        (_, k) => part[3 * k]! + part[3 * k + 1]! + part[3 * k + 2]!,
      );
      const mean = sums.reduce((sum, x) => sum + x, 0) / count;
      return { mean, error: Math.sqrt(sums.reduce((sum, x) => sum + (x - mean) ** 2, 0)) / count };
    };
    const slate = spread('slate-pi');
    expect(Math.abs(slate.mean - 3)).toBeLessThan(4 * slate.error);
    expect(slate.error).toBeLessThan(0.7 * spread('trajectory-is').error);
  });

  it('see what a decision does to later ones, where estimators of single decisions do not', async () => {
    const { dataset, target, truth, myopic } = patienceLog(4000, 1);
    const { data, decisions } = preparePolicyData(dataset, fitSpec(dataset));
    const rows = Float64Array.from((await target.probabilities(decisions)).flat());
    const log = gatherEvidence(data, decisions, rows, data.propensity);
    for (const name of ['per-decision-is', 'trajectory-is', 'dr-per-decision', 'fqe'])
      expect(Math.abs(estimate(name, log) - truth)).toBeLessThan(0.15);
    for (const name of ['ips', 'dr']) {
      expect(Math.abs(estimate(name, log) - myopic)).toBeLessThan(0.15);
      expect(Math.abs(estimate(name, log) - truth)).toBeGreaterThan(0.3);
    }
  });
});
