import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Promotion } from '../../../shared/promotion.ts';
import { seeded } from '../../../shared/random.ts';
import { drawGroup, drawPlan } from '../../../trainer-server/simulate/plan.ts';
import { drawOutcome, responseOf } from '../../../trainer-server/simulate/response.ts';
import { drawSchedule } from '../../../trainer-server/simulate/schedule.ts';
import { drawShopper } from '../../../trainer-server/simulate/shoppers.ts';
import { WORLD_NAMES } from '../../../trainer-server/simulate/worlds.ts';
import { momentWith, shopperWith, worldWith } from '../../helpers/simulated-shopper.ts';

const PLAIN = { compliance: 1, refundShare: 0, delayShare: 0, tailIndex: 0, peakLogOdds: 0 };
const percentages = (...percents: number[]): Promotion[] =>
  percents.map((percent) => ({ id: `p${percent}`, terms: { type: 'percentage', percent } }));

describe('the response to no promotion', () => {
  it('is the logistic base probability times the margin', () => {
    const world = worldWith({ ...PLAIN, baseLogOdds: -1 });
    const moment = momentWith(world, [3, 4]);
    const margin = [3, 4].reduce(
      (sum, row) => sum + world.catalogue.products[row]!.price! - world.catalogue.products[row]!.cost!,
      0,
    );
    const p = 1 / (1 + Math.E);
    const { pBuy, expectedReward, expectedSpend } = responseOf(world, shopperWith(), moment, 0);
    expect(pBuy).toBeCloseTo(p, 12);
    expect(expectedReward).toBeCloseTo(p * margin, 8);
    expect(expectedSpend).toBe(0);
  });

  it('is what a promotion becomes that nobody notices', () => {
    const world = worldWith({ compliance: 0 }, percentages(20));
    const moment = momentWith(world, [0]);
    expect(responseOf(world, shopperWith({ bargain: 1 }), moment, 1)).toEqual(
      responseOf(world, shopperWith({ bargain: 1 }), moment, 0),
    );
  });
});

describe('the response to a promotion', () => {
  it('never buys less for more discount, without fatigue', () => {
    const percents = [1, 5, 10, 20, 35, 60, 100];
    const world = worldWith({ fatigue: 0 }, percentages(...percents));
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.uniqueArray(fc.nat({ max: 119 }), { minLength: 1, maxLength: 5 }),
        (bargain, intent, training, rows) => {
          const shopper = shopperWith({ bargain, resolute: 1 - bargain });
          const moment = momentWith(world, rows, { intent, training });
          const p = percents.map((_, i) => responseOf(world, shopper, moment, i + 1).pBuy);
          for (let i = 1; i < p.length; i++) expect(p[i]!).toBeGreaterThanOrEqual(p[i - 1]!);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('weakens with each recent exposure', () => {
    const world = worldWith({ fatigue: 0.5 }, percentages(20));
    const p = [0, 1, 3, 9].map(
      (exposure) =>
        responseOf(world, shopperWith({ bargain: 1 }), momentWith(world, [0], { exposure }), 1).pBuy,
    );
    expect([...p].sort((a, b) => b - a)).toEqual(p);
    expect(p[3]! / p[0]!).toBeLessThan(0.6);
  });

  it('moves the shoppers whom it is for, and hardly the others', () => {
    const world = worldWith(PLAIN, [
      ...percentages(20),
      { id: 'gift', terms: { type: 'gift' }, costPerUse: 250 },
      { id: 'ship', terms: { type: 'free_shipping' } },
      { id: 'message', terms: { type: 'message' } },
    ]);
    const lift = (motive: 'bargain' | 'collector' | 'shipping' | 'curious', at: number): number => {
      const moment = momentWith(world, [0]);
      const shopper = shopperWith({ [motive]: 1 });
      return responseOf(world, shopper, moment, at).pBuy / responseOf(world, shopper, moment, 0).pBuy;
    };
    const motives = ['bargain', 'collector', 'shipping', 'curious'] as const;
    motives.forEach((motive, k) => {
      const lifts = motives.map((_, at) => lift(motive, at + 1));
      expect(lifts.indexOf(Math.max(...lifts)), `${motive}: ${lifts}`).toBe(k);
    });
  });

  it('teaches to wait: discounts seen before lower the sales at full price alone', () => {
    const world = worldWith({ ...PLAIN, discountTraining: 3 }, percentages(20));
    const at = (training: number, promotion: number) =>
      responseOf(world, shopperWith(), momentWith(world, [0], { training }), promotion).pBuy;
    expect(at(0.5, 0)).toBeLessThan(0.5 * at(0, 0));
    expect(at(0.5, 1)).toBeCloseTo(at(0, 1), 12);
  });

  it('loses the handling and what was given away where an order comes back', () => {
    const gift: Promotion = { id: 'gift', terms: { type: 'gift' }, costPerUse: 300 };
    const world = worldWith({ ...PLAIN, refundShare: 1, annoyance: 0 }, [gift]);
    const moment = momentWith(world, [0]);
    const plain = responseOf(world, shopperWith(), moment, 0);
    const given = responseOf(world, shopperWith(), moment, 1);
    expect(plain.expectedReward).toBeCloseTo(-plain.pBuy * world.shippingFee, 8);
    expect(given.expectedReward).toBeCloseTo(-given.pBuy * (world.shippingFee + 300), 8);
  });
});

describe('drawn outcomes', () => {
  // Every world, since each turns on another branch of the tree: refunds, delays, copies, training.
  for (const name of WORLD_NAMES) {
    it(`have the expectations of the closed form within 4 standard errors (${name})`, () => {
      const world = worldWith({ refundShare: 0.2, delayShare: 0.4, delayMeanDays: 6 }, [], name);
      const random = seeded(`exactness ${name}`);
      const draws = 4000;
      for (let at = 0; at < world.promotions.length; at++) {
        const { ts } = drawSchedule(world, world.startTs, random)[0]!;
        const shopper = { ...drawShopper(world, 'v', ts, random), inclination: 2.5 };
        const plan = drawPlan(
          world.catalogue,
          world.calibration,
          shopper,
          drawGroup(shopper, random),
          random,
        );
        const moment = momentWith(world, plan.rows, { ts, plan, stage: 1, training: 0.3, exposure: 1 });
        const expected = responseOf(world, shopper, moment, at);
        const outcomes = Array.from({ length: draws }, () => drawOutcome(world, shopper, moment, at, random));
        const label = world.promotions[at]!.id;
        within4(
          outcomes.map(({ counted }) => Number(counted)),
          expected.pBuy,
          label,
        );
        within4(
          outcomes.map(({ spend }) => spend),
          expected.expectedSpend,
          `${label} spend`,
        );
        within4(
          outcomes.map(({ reward }) => reward),
          expected.expectedReward,
          `${label} reward`,
        );
      }
    });
  }
});

function within4(values: number[], truth: number, label: string): void {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  const error = Math.sqrt(variance / values.length);
  expect(Math.abs(mean - truth), `${label}: mean ${mean}, truth ${truth}`).toBeLessThanOrEqual(
    4 * error + 1e-9,
  );
}
