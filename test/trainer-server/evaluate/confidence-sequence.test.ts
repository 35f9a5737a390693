import { describe, expect, it } from 'vitest';
import { type Random, seeded } from '../../../shared/random.ts';
import {
  addVisitor,
  alwaysValidReach,
  emptyArm,
  liftOf,
} from '../../../trainer-server/evaluate/confidence-sequence.ts';

/** Experiments without any effect, looked at after every tenth visitor: how many ever seem to have one. */
function falseAlarms(
  experiments: number,
  visitors: number,
  share: number,
  outcome: (random: Random) => number,
) {
  const alarms = { always: 0, once: 0 };
  for (let seed = 0; seed < experiments; seed++) {
    const random = seeded(`peeking/${seed}`);
    const [treated, control] = [emptyArm(), emptyArm()];
    const seen = { always: false, once: false };
    for (let visitor = 1; visitor <= visitors; visitor++) {
      addVisitor(random.next() < share ? treated : control, outcome(random));
      // The sequence is asymptotic: looking begins at 100 visitors.
      if (visitor % 10 !== 0 || visitor < 100) continue;
      const { low, high, alwaysLow, alwaysHigh } = liftOf(treated, control);
      seen.once ||= low > 0 || high < 0;
      seen.always ||= alwaysLow > 0 || alwaysHigh < 0;
    }
    alarms.always += seen.always ? 1 / experiments : 0;
    alarms.once += seen.once ? 1 / experiments : 0;
  }
  return alarms;
}

describe('an always-valid interval', () => {
  it('has the width of the published formula', () => {
    // By hand: rho^2 = (5.99146 + log 6.99146) / 100 = 0.0793618; t rho^2 + 1 = 8.93618 at t = 100;
    // sqrt(2 * 8.93618 / 793.618 * log(2.98934 / 0.05)) = sqrt(0.0225201 * 4.090783).
    expect(alwaysValidReach(1, 100, { alpha: 0.05, tightestAt: 100 })).toBeCloseTo(0.30352, 4);
    expect(alwaysValidReach(3, 100, { alpha: 0.05, tightestAt: 100 })).toBeCloseTo(3 * 0.30352, 3);
    expect(alwaysValidReach(1, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('errs at most 5 times in 100 however often one looks, where the usual one errs far more often', () => {
    const even = falseAlarms(300, 3000, 0.5, (random) => random.normal());
    expect(even.always).toBeLessThanOrEqual(0.05);
    expect(even.once).toBeGreaterThan(0.2);
  });

  it('does so for rare orders in a small arm, too', () => {
    const orders = falseAlarms(300, 3000, 0.2, (random) =>
      random.next() < 0.1 ? Math.exp(random.normal()) : 0,
    );
    // 300 experiments: two standard errors above 5 %.
    expect(orders.always).toBeLessThanOrEqual(0.075);
  });

  it('finds an effect that is there', () => {
    const random = seeded('effect');
    const [treated, control] = [emptyArm(), emptyArm()];
    for (let visitor = 0; visitor < 4000; visitor++) {
      const arm = visitor % 2 === 0 ? treated : control;
      addVisitor(arm, random.normal() + (arm === treated ? 0.2 : 0));
    }
    const { alwaysLow, alwaysHigh, low, high } = liftOf(treated, control);
    expect(alwaysLow).toBeGreaterThan(0);
    expect(alwaysLow).toBeLessThan(low);
    expect(alwaysHigh).toBeGreaterThan(high);
    expect(low).toBeLessThan(0.2);
    expect(high).toBeGreaterThan(0.2);
  });
});
