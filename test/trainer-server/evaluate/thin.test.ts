import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { estimatesOf } from '../../../trainer-server/evaluate/estimate.ts';
import type { Evidence } from '../../../trainer-server/evaluate/evidence.ts';
import { banditLog, evidence, TRUTH } from '../../helpers/bandit-log.ts';

describe('thin evidence', () => {
  const refusal = (log: Evidence) =>
    estimatesOf(log, seeded(1)).map(({ estimator, refused, value }) => ({ estimator, refused, value }));
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

  it('is refused where one or two outcomes carry the estimate, however many decisions there are', () => {
    const withOrders = (big: number, orders: number) =>
      refusal(many(1000, (i) => ({ reward: i < orders ? big : i % 2, weight: 1 })))[0]!.refused;
    // Beyond the usual outcome of 0 or 1: (2 * 1000 + 500)^2 / (2 * 10^6 + 500) = 3.1, (2 * 10^4 + 500)^2 / (2 * 10^8) = 2.1.
    expect(withOrders(1000, 2)).toBeUndefined();
    expect(withOrders(10_000, 2)).toContain('as if there were 2.1 (at least 3 needed)');
    expect(withOrders(10_000, 4)).toBeUndefined();
  });

  it('is no reason to refuse an honest log', () => {
    const lines = refusal(banditLog(1, 500, [1, 3]));
    for (const { refused, value } of lines.slice(0, 6)) {
      expect(refused).toBeUndefined();
      expect(Math.abs(value! - TRUTH)).toBeLessThan(1);
    }
    // What was not gathered is said by those that need it.
    expect(lines.find(({ estimator }) => estimator === 'mrdr')!.refused).toContain('no reward model');
  });
});
