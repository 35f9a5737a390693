import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { report } from '../../../trainer-server/evaluate/placement-report.ts';
import { leadOf, type Placed, placementReport } from '../../../trainer-server/evaluate/placements.ts';
import { runReport } from '../../helpers/run-report.ts';

/** Half the visitors love to click. A policy shows them `summer` mostly, and the others `winter`, which all like better. */
function favouritism(visitors: number, seed: string): Placed[] {
  const random = seeded(seed);
  return Array.from({ length: visitors }, (_, visitor) => {
    const keen = visitor % 2 === 0;
    const summer = random.next() < (keen ? 0.8 : 0.2);
    const rate = (keen ? 0.3 : 0.05) + (summer ? 0 : 0.05);
    return {
      ...{ slot: 'home', promotion: summer ? 'summer' : 'winter', visitor },
      propensity: keen === summer ? 0.8 : 0.2,
      clicked: random.next() < rate,
      spend: 2,
    };
  });
}
/** By the rates above: each creative shown to everyone. */
const TRUTH = { summer: 0.175, winter: 0.225 };

describe('creatives by placement', () => {
  it('are compared as if each always stood there, whomever they were shown to', () => {
    const log = favouritism(8000, 'one log');
    const { lines, best } = placementReport(log, seeded(1));
    const shownTo = (promotion: string): number => {
      const own = log.filter((row) => row.promotion === promotion);
      return own.filter(({ clicked }) => clicked).length / own.length;
    };
    expect(shownTo('summer')).toBeGreaterThan(shownTo('winter'));
    for (const { promotion, clickRate, costPerClick } of lines) {
      const truth = TRUTH[promotion as keyof typeof TRUTH];
      expect(clickRate!.value).toBeCloseTo(truth, 1);
      expect(clickRate!.low).toBeLessThan(truth);
      expect(clickRate!.high).toBeGreaterThan(truth);
      expect(costPerClick!.low).toBeLessThan(2 / truth);
      expect(costPerClick!.high).toBeGreaterThan(2 / truth);
    }
    expect(best).toMatchObject([{ slot: 'home', best: 'winter', over: 'summer' }]);
    expect(best[0]!.lead.low).toBeGreaterThan(0);
  });

  it('lead by intervals that hold the truth as often as they say', () => {
    let held = 0;
    for (let run = 0; run < 200; run++) {
      const { low, high } = leadOf('winter', 'summer', favouritism(600, `log ${run}`));
      const truth = TRUTH.winter - TRUTH.summer;
      if (low <= truth && truth <= high) held++;
    }
    // 190 expected; 180 is three standard errors below.
    expect(held).toBeGreaterThanOrEqual(180);
  });

  it('cost what their results cost, by hand', () => {
    // 40 visitors, each shown twice: every fourth showing is clicked, every tenth ordered, each costs 0.5.
    const rows: Placed[] = Array.from({ length: 80 }, (_, i) => ({
      ...{ slot: 'cart', promotion: 'banner', visitor: i >> 1, spend: 0.5, reward: i % 10 === 0 ? 30 : 0 },
      ...{ clicked: i % 4 === 0, ordered: i % 10 === 0 },
    }));
    const [line] = placementReport(rows, seeded(1)).lines;
    expect(line).toMatchObject({ shown: 80, visitors: 40, clicks: 20, orders: 8 });
    expect(line!.clickRate!.value).toBeCloseTo(0.25, 12);
    expect(line!.costPerClick!.value).toBeCloseTo(2, 12);
    expect(line!.costPerOrder!.value).toBeCloseTo(5, 12);
    expect(line!.value!.value).toBeCloseTo(3, 12);
  });

  it('are refused in words where hardly anyone saw or clicked them', () => {
    const few = favouritism(40, 'few').map((row) => ({ ...row, clicked: false }));
    const { lines, best } = placementReport(few, seeded(1));
    expect(lines.map(({ refused }) => refused)).toEqual([
      expect.stringMatching(/only \d+ visitors/),
      expect.stringMatching(/only \d+ visitors/),
    ]);
    expect(best).toEqual([]);
    const unclicked = favouritism(400, 'unclicked').map((row) => ({ ...row, clicked: false }));
    const [line] = placementReport(unclicked, seeded(1)).lines;
    expect(line!.refused).toBe('only 0 clicks (at least 8 needed)');
    expect(line).not.toHaveProperty('clickRate');
  });
});

describe('report placements', () => {
  const T0 = Date.UTC(2026, 0, 1);
  const decisions = Array.from({ length: 200 }, (_, i) => ({
    ...{ id: `d${i}`, visitor: `v${i}`, ts: T0 + 60_000 * i, slot: i % 2 === 0 ? 'home' : 'cart', spend: 1 },
    ...{ eligible: ['none', 'ad', 'other'], action: ['ad', 'other', 'ad', 'none'][i % 4], propensity: 1 / 3 },
  }));
  const events = decisions.flatMap(({ visitor, action, ts }, i) => [
    ...(i % 5 === 0 ? [{ visitor, name: 'select_promotion', promotion: action, ts: ts + 1000 }] : []),
    ...(i % 10 === 0 ? [{ visitor, name: 'purchase', value: 20, ts: ts + 2000 }] : []),
  ]);

  it('reads clicks and orders off the events, slot by slot', async () => {
    const { code, out } = await runReport(report, { 'decisions.jsonl': decisions, 'events.jsonl': events });
    expect(code).toBe(0);
    expect(out.map(({ slot, promotion, shown }) => [slot, promotion, shown])).toEqual([
      ['cart', 'other', 50],
      ['home', 'ad', 100],
    ]);
    // Every fifth of those that have any event at all: visitors without events are unknown, not unclicked.
    expect(out[1]).toMatchObject({ clicks: 20, orders: 20 });
  });

  it('asks for slots where the log names none', async () => {
    const bare = decisions.map(({ slot: _, ...rest }) => rest);
    await expect(runReport(report, { 'decisions.jsonl': bare })).rejects.toThrow(
      'shown promotions with a slot',
    );
  });
});
