import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  agreedTo,
  EMPTY_LEDGER,
  type Ledger,
  nextReportAt,
  PRIVACY_LIMITS,
  spend,
  spentOf,
} from '../../../shared/privacy/ledger.ts';

const WEEK = 7 * 86_400_000;
const START = Date.UTC(2026, 0, 1);
const agreed = agreedTo(EMPTY_LEDGER, START);
const at = (time: number, epsilon = 1) => ({ at: time, release: 3, epsilon });

describe('the privacy ledger', () => {
  it('lets nothing go before the shopper has agreed for a week', () => {
    expect(nextReportAt(EMPTY_LEDGER, 1)).toBeUndefined();
    expect(spend(EMPTY_LEDGER, at(START + 100 * WEEK))).toBeUndefined();
    expect(spend(agreed, at(START + WEEK - 1))).toBeUndefined();
    expect(spend(agreed, at(START + WEEK))!.spent).toEqual([at(START + WEEK)]);
  });

  it('lets one report a week go', () => {
    const once = spend(agreed, at(START + WEEK))!;
    expect(spend(once, at(START + 2 * WEEK - 1))).toBeUndefined();
    expect(spentOf(spend(once, at(START + 2 * WEEK))!)).toBe(2);
  });

  it('keeps what was spent, and since when, however often the shopper agrees again', () => {
    const once = spend(agreed, at(START + WEEK))!;
    expect(agreedTo(once, START + 1.5 * WEEK)).toEqual(once);
    expect(nextReportAt(agreedTo(once, START + 1.5 * WEEK), 1)).toBe(START + 2 * WEEK);
  });

  it('refuses a report that costs more than one epsilon, or nothing', () => {
    for (const epsilon of [1.01, 0, -1, Number.NaN])
      expect(spend(agreed, at(START + WEEK, epsilon))).toBeUndefined();
  });

  it('waits where the clock was set back', () => {
    const once = spend(agreed, at(START + 50 * WEEK))!;
    expect(spend(once, at(START))).toBeUndefined();
    expect(spend(once, at(START + 50 * WEEK))).toBeUndefined();
    expect(spend(once, at(Number.NaN))).toBeUndefined();
  });

  it('stays under the lifetime cap and a week apart, whatever clock and consent do', () => {
    const step = fc.record({
      jump: fc.integer({ min: -60, max: 60 }),
      agree: fc.boolean(),
      epsilon: fc.double({ min: 0.01, max: 1.2, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        let ledger: Ledger = EMPTY_LEDGER;
        let now = START;
        for (const { jump, agree, epsilon } of steps) {
          now += jump * 86_400_000;
          if (agree) ledger = agreedTo(ledger, now);
          ledger = spend(ledger, at(now, epsilon)) ?? ledger;
        }
        expect(spentOf(ledger)).toBeLessThanOrEqual(PRIVACY_LIMITS.lifetime);
        const times = ledger.spent.map((entry) => entry.at);
        for (const [i, time] of times.slice(1).entries())
          expect(time - times[i]!).toBeGreaterThanOrEqual(WEEK);
      }),
    );
  });
});
