import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { LONG_RUN, longRunOf } from '../../../trainer-server/policy/long-run.ts';
import { foldsOf, type PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { trial } from '../../helpers/trials.ts';

/** Four decisions a visitor; each `ten` that was shown before takes `cost` off every later reward. */
function visits(seed: number, cost: number): PolicyData {
  const dataset = trial({ count: 2400, seed });
  const random = seeded(`visits ${seed}`);
  let shown = 0;
  dataset.decisions.forEach((decision, i) => {
    if (i % 4 === 0) shown = 0;
    decision.visitor = `v${Math.floor(i / 4)}`;
    decision.ts = i * 1000;
    decision.reward = 1 - cost * shown + 0.5 * random.normal();
    if (decision.action === 'ten') shown++;
  });
  return preparePolicyData(dataset, fitSpec(dataset)).data;
}

/** @param less that is expected of every promotion of a shopper who has seen a fifth off everything once more */
const longRun = (data: PolicyData, less = 0) => {
  const rows = data.promotion.length;
  const answers = { reward: new Float64Array(rows), taught: new Float64Array(rows).fill(-less) };
  const known = { left: answers, mean: answers, propensity: data.propensity };
  return longRunOf(data, foldsOf(data, 2), 2, known, { ...LONG_RUN, discount: 1, own: 10 });
};

/** Mean worth of what follows a promotion, over all decisions. */
function meanLater(data: PolicyData, left: Float64Array, id: string): number {
  const rows = [...data.promotion.keys()].filter((row) => data.promotions[data.promotion[row]!] === id);
  return rows.reduce((sum, row) => sum + left[row]!, 0) / rows.length;
}

describe('the long run', () => {
  it('charges an action with what it does to the rewards that follow', () => {
    const data = visits(1, 0.8);
    const { left } = longRun(data)!;
    const mean = (id: string): number => meanLater(data, left, id);
    // 3, 2, 1 and 0 later decisions at 0.8 each: 1.2 on average, shrunk a little.
    const charge = mean('none') - mean('ten');
    expect(charge).toBeGreaterThan(0.8);
    expect(charge).toBeLessThan(1.4);
    expect(Math.abs(mean('none') - mean('gift'))).toBeLessThan(0.3);
  });

  it('charges a discount with what those who have seen it are worth less, where the rewards agree', () => {
    const data = visits(6, 0.8);
    // Ten percent add half of what a fifth does, and take 0.8 off: a fifth takes 1.6.
    const { left } = longRun(data, 1.6)!;
    const charge = meanLater(data, left, 'none') - meanLater(data, left, 'ten');
    // 1.5 decisions follow on average.
    expect(charge).toBeGreaterThan(1);
    expect(charge).toBeLessThan(1.4);
    const still = visits(7, 0);
    const found = longRun(still, 1.6)?.left ?? new Float64Array(still.promotion.length);
    expect(Math.abs(meanLater(still, found, 'none') - meanLater(still, found, 'ten'))).toBeLessThan(0.3);
  });

  it('finds nothing where actions change nothing later, and nothing where nothing follows', () => {
    const still = [2, 3, 4].map((seed) => longRun(visits(seed, 0)));
    expect(still.filter((found) => found !== undefined).length).toBeLessThanOrEqual(1);
    const dataset = trial({ count: 300, seed: 5 });
    expect(longRun(preparePolicyData(dataset, fitSpec(dataset)).data)).toBeUndefined();
  });
});
