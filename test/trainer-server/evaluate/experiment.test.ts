import { describe, expect, it } from 'vitest';
import type { LoggedDecision } from '../../../shared/decision.ts';
import { seeded } from '../../../shared/random.ts';
import {
  armAttribute,
  chiSquareTail,
  controlAmong,
  reportExperiment,
} from '../../../trainer-server/evaluate/experiment.ts';

type Rewarded = LoggedDecision & { reward: number };

/** Visitors in arms by turns, each with a decision or two; treated ones earn `effect` more. */
function experiment(visitors: number, effect: number, arms = ['control', 'policy']): Rewarded[] {
  const random = seeded(`experiment/${visitors}`);
  return Array.from({ length: visitors }, (_, v) => v).flatMap((v) => {
    const arm = arms[v % arms.length]!;
    return Array.from({ length: 1 + random.int(2) }, (_, step) => ({
      ...{ id: `d${v}/${step}`, visitor: `v${v}`, history: [], eligible: ['none'], action: 'none' },
      attributes: { arm },
      reward: step === 0 ? 1 + random.normal() + (arm === 'control' ? 0 : effect) : 0,
    }));
  });
}
const OPTIONS = { attribute: 'arm', control: 'control' };

describe('an experiment report', () => {
  it('gives means a visitor and the lift between them', () => {
    const decisions = experiment(2000, 0.5);
    const { arms, notes } = reportExperiment(decisions, OPTIONS);
    expect(notes).toEqual([]);
    expect(arms).toHaveLength(1);
    const [line] = arms;
    expect(line).toMatchObject({ arm: 'policy', visitors: 1000, control_visitors: 1000, verdict: 'better' });
    const mean = (arm: string) =>
      decisions.reduce((sum, { attributes, reward }) => sum + (attributes!.arm === arm ? reward : 0), 0) /
      1000;
    expect(line!.mean).toBeCloseTo(mean('policy'), 9);
    expect(line!.lift).toBeCloseTo(mean('policy') - mean('control'), 9);
    expect(line!.relative).toBeCloseTo(line!.lift! / mean('control'), 9);
    expect(line!.low).toBeLessThan(line!.once_low!);
  });

  it('says worse and undecided where it is so', () => {
    expect(reportExperiment(experiment(2000, -0.5), OPTIONS).arms[0]!.verdict).toBe('worse');
    expect(reportExperiment(experiment(2000, 0), OPTIONS).arms[0]!.verdict).toBe('undecided');
  });

  it('widens the intervals where several arms are compared', () => {
    const one = reportExperiment(experiment(1200, 0.3), OPTIONS).arms[0]!;
    const { arms, notes } = reportExperiment(experiment(1800, 0.3, ['control', 'policy', 'rules']), OPTIONS);
    expect(arms.map(({ arm }) => arm)).toEqual(['policy', 'rules']);
    expect(arms[0]!.high! - arms[0]!.low!).toBeGreaterThan(one.high! - one.low!);
    expect(notes.join(' ')).toContain('2 arms');
  });

  it('refuses in words: no control, few visitors, no outcomes, mixed arms, a split that was not meant', () => {
    const refusal = (decisions: Rewarded[], options = {}) => {
      const [line] = reportExperiment(decisions, { ...OPTIONS, ...options }).arms;
      expect(line).toMatchObject({ lift: null, low: null, high: null, verdict: 'refused' });
      return line!.refused;
    };
    expect(refusal(experiment(2000, 1), { control: 'holdout' })).toContain(
      "no visitor of the control 'holdout'",
    );
    expect(refusal(experiment(60, 1))).toContain('only 30 visitors');
    expect(refusal(experiment(2000, 0).map((d) => ({ ...d, reward: 0 })))).toContain('only 0 visitors');
    const mixed = experiment(2000, 0).map((d, i) => ({ ...d, visitor: `v${i % 700}` }));
    expect(refusal(mixed)).toContain('more than one arm');
    const shares = { control: 0.3, policy: 0.7 };
    expect(refusal(experiment(2000, 0), { shares })).toContain('not what was meant');
    expect(
      reportExperiment(experiment(2000, 0), { ...OPTIONS, shares: { control: 1, policy: 1 } }).arms[0]!
        .refused,
    ).toBeUndefined();
  });

  it('finds arms by the usual names', () => {
    expect(armAttribute(experiment(2, 0))).toBe('arm');
    expect(armAttribute([])).toBeUndefined();
    expect(controlAmong(['policy', 'holdout'])).toBe('holdout');
    expect(controlAmong(['false', 'true'])).toBe('true');
    expect(controlAmong(['x', 'y'])).toBeUndefined();
  });

  it('knows the chi-square distribution', () => {
    // Critical values of the usual tables (NIST Handbook 1.3.6.7.4).
    expect(chiSquareTail(3.841459, 1)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(5.991465, 2)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(7.814728, 3)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(18.307038, 10)).toBeCloseTo(0.05, 6);
    expect(chiSquareTail(21.665994, 9)).toBeCloseTo(0.01, 6);
  });
});
