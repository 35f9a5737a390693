import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { crossFittedRewards } from '../../../trainer-server/evaluate/reward-model.ts';
import { fitSpec } from '../../../trainer-server/policy/index.ts';
import type { PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { propensitiesOf } from '../../../trainer-server/policy/propensity.ts';
import { clusteredMean } from '../../../trainer-server/uplift/clustered-mean.ts';
import { effectScores } from '../../../trainer-server/uplift/effect-scores.ts';
import { type UpliftLine, upliftReport } from '../../../trainer-server/uplift/uplift-report.ts';
import { type TrialOptions, trial } from '../../helpers/trials.ts';

/** A third each of tea, coffee and water drinkers: the gift gives 1 to the first, takes 0.5 from the others. */
const GIFT_EFFECT = (1 - 0.5 - 0.5) / 3;
const SKEWED = (taste: string): number[] => (taste === 'tea' ? [0.2, 0.6, 0.2] : [0.6, 0.2, 0.2]);

function dataOf(options: TrialOptions): PolicyData {
  const dataset = trial(options);
  return preparePolicyData(dataset, fitSpec(dataset)).data;
}

function giftEffect(data: PolicyData, modelled: Float64Array, propensity: Float64Array) {
  const { offered, withheld, cluster } = effectScores(data, data.reward, modelled, propensity, [
    'gift',
    'none',
  ]);
  return clusteredMean(
    offered.map((score, k) => score - withheld[k]!),
    cluster,
  );
}

describe('effect scores', () => {
  const data = dataOf({ count: 12_000, seed: 1, logging: SKEWED });
  const { propensity } = propensitiesOf(data);
  const modelled = crossFittedRewards(data);

  it('find the mean effect where the log favoured those whom the promotion helps', () => {
    const { low, high } = giftEffect(data, modelled, propensity);
    expect(low).toBeLessThan(GIFT_EFFECT);
    expect(high).toBeGreaterThan(GIFT_EFFECT);
    expect(high - low).toBeLessThan(0.15);
  });

  it('find it with a useless model, from the propensities alone', () => {
    const { low, high } = giftEffect(
      data,
      modelled.map(() => 0),
      propensity,
    );
    expect(low).toBeLessThan(GIFT_EFFECT);
    expect(high).toBeGreaterThan(GIFT_EFFECT);
  });

  it('find it with wrong propensities, from the model alone', () => {
    const { value } = giftEffect(
      data,
      modelled,
      propensity.map(() => 1 / 3),
    );
    // Within a few standard errors of 0.03; the plain difference of means is 0.4 off.
    expect(Math.abs(value - GIFT_EFFECT)).toBeLessThan(0.12);
  });

  it('leave out decisions in which one of the two could not be chosen', () => {
    const other = { ...data, promotion: data.promotion.slice() };
    const gift = data.promotions.indexOf('gift');
    const ten = data.promotions.indexOf('ten');
    for (let row = data.offsets[0]!; row < data.offsets[1]!; row++)
      if (other.promotion[row] === gift) other.promotion[row] = ten;
    expect(effectScores(other, data.reward, modelled, propensity, ['gift', 'none']).decision[0]).toBe(1);
  });
});

describe('uplift report', () => {
  const report = (count: number, seed: number): UpliftLine[] => {
    const data = dataOf({ count, seed });
    const bought = Float64Array.from(data.reward, (reward) => (reward > 1 ? 1 : 0));
    return upliftReport({
      data,
      predicted: crossFittedRewards(data),
      bought,
      against: 'none',
      random: seeded('report'),
    });
  };
  const lines = report(9000, 2);
  const of = (kind: UpliftLine['kind'], promotion: string): UpliftLine[] =>
    lines.filter((line) => line.kind === kind && line.promotion === promotion);

  it('finds whom the promotion helps, what it gives them, and that the others lose', () => {
    const [, chosen, others] = of('effect', 'gift') as Extract<UpliftLine, { kind: 'effect' }>[];
    expect(chosen!.share).toBeCloseTo(1 / 3, 1);
    expect(chosen!.low).toBeLessThan(1);
    expect(chosen!.high).toBeGreaterThan(0.9);
    expect(chosen!.low).toBeGreaterThan(0.7);
    expect(others!.high).toBeLessThan(-0.3);
  });

  it('shows the gain of a third rise to a third, and of everyone fall to nothing', () => {
    const gains = of('gain', 'gift') as Extract<UpliftLine, { kind: 'gain' }>[];
    expect(gains).toHaveLength(10);
    expect(gains[2]!.value).toBeGreaterThan(0.2);
    expect(Math.abs(gains[9]!.value)).toBeLessThan(0.1);
  });

  it('calls a ranking better than chance only where its interval says so', () => {
    const [ranking] = of('ranking', 'gift') as Extract<UpliftLine, { kind: 'ranking' }>[];
    expect(ranking!.low).toBeGreaterThan(0);
  });

  it('bounds the share of buyers who would have bought anyway', () => {
    for (const line of of('anyway', 'gift') as Extract<UpliftLine, { kind: 'anyway' }>[]) {
      expect(line.low).toBeLessThanOrEqual(line.high);
      expect(line.high).toBeLessThanOrEqual(1);
    }
  });

  it('refuses in words where a promotion was hardly offered', () => {
    const thin = report(120, 3);
    expect(thin.every(({ kind }) => kind === 'refused')).toBe(true);
    expect(thin[0]).toMatchObject({ reason: expect.stringContaining('expected at least 100') });
  });
});
