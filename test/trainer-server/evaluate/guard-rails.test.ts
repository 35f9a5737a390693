import { describe, expect, it } from 'vitest';
import type { GuardRailLimits } from '../../../shared/shop.ts';
import { describeRail, guardRails, type Rail } from '../../../trainer-server/evaluate/guard-rails.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { trial } from '../../helpers/trials.ts';

/** 900 decisions among none, a gift and ten per cent, drawn evenly; a gift costs 2, ten per cent costs 1. */
const DATASET = trial({ count: 900, seed: 4, noise: 0 });
for (const decision of DATASET.decisions) {
  decision.spend = { none: 0, gift: 2, ten: 1 }[decision.action]!;
}
const { data, decisions } = preparePolicyData(DATASET, fitSpec(DATASET));

/** @param policy probabilities of none, gift and ten for a taste */
function rails(policy: (taste: string) => number[], limits: GuardRailLimits = {}): Record<string, Rail> {
  const target = Float64Array.from(decisions.flatMap(({ attributes }) => policy(String(attributes!.taste))));
  const { promotions } = DATASET;
  const of = { data, decisions, promotions, target, propensity: data.propensity, limits };
  return Object.fromEntries(guardRails(of).map((rail) => [rail.name, rail]));
}

describe('guard-rails', () => {
  it('measure how often the policy shows something, and gives something away', () => {
    const { 'discount share': discount, reach } = rails(() => [0.5, 0.3, 0.2]);
    expect(discount!.value).toBeCloseTo(0.5, 9);
    expect(reach!.value).toBeCloseTo(0.5, 9);
    expect(discount).toMatchObject({ held: true });
    expect(discount!.limit).toBeUndefined();
  });

  it('do not count a message as something given away', () => {
    const promotions = DATASET.promotions.map((p) =>
      p.id === 'gift' ? { id: 'gift', terms: { type: 'message' as const } } : p,
    );
    const target = Float64Array.from(decisions.flatMap(() => [0.5, 0.3, 0.2]));
    const [discount, reach] = guardRails({
      ...{ data, decisions, promotions, target, propensity: data.propensity, limits: {} },
    });
    expect(discount!.value).toBeCloseTo(0.2, 9);
    expect(reach!.value).toBeCloseTo(0.5, 9);
  });

  it('break at declared limits', () => {
    const limits = { discount_share: 0.4, reach: 0.6 };
    const broken = rails(() => [0.5, 0.3, 0.2], limits);
    expect(broken['discount share']!.held).toBe(false);
    expect(broken['reach']!.held).toBe(false);
    expect(describeRail(broken['discount share']!)).toBe(
      'guard-rail broken: discount share 50.0 %, limit 40 %',
    );
    const held = rails(() => [0.7, 0.1, 0.2], { discount_share: 0.4, reach: 0.2 });
    expect(Object.values(held).every((rail) => rail.held)).toBe(true);
  });

  it('know the share of the margin that promotions take, and keep the figure secret', () => {
    // Always a gift: mean reward by hand (3 + 0.5 + 0.5) / 3, so 2 / (2 + 4 / 3) = 0.6 of the margin.
    const { 'margin given away': margin } = rails(() => [0, 1, 0]);
    expect(margin!.value).toBeCloseTo(0.6, 1);
    expect(margin).toMatchObject({ limit: 0.5, held: false, secret: true });
    expect(describeRail(margin!)).not.toMatch(/\d/);
    expect(rails(() => [0, 1, 0], { margin_given: 0.8 })['margin given away']!.held).toBe(true);
    // Nothing given away: nothing to measure.
    expect(rails(() => [1, 0, 0])['margin given away']).toBeUndefined();
  });

  it('want declared groups treated alike, by the four-fifths rule', () => {
    const unequal = (taste: string) => (taste === 'tea' ? [0.2, 0.8, 0] : [0.6, 0.4, 0]);
    const { 'parity of taste': parity } = rails(unequal, { groups: ['taste'] });
    expect(parity!.value).toBeCloseTo(0.5, 9);
    expect(parity).toMatchObject({ limit: 0.8, held: false });
    const equal = rails(() => [0.5, 0.5, 0], { groups: ['taste', 'unknown'] });
    expect(equal['parity of taste']).toMatchObject({ value: 1, held: true });
    expect(equal['parity of unknown']).toMatchObject({ value: 1, held: true });
  });
});
