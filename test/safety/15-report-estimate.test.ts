import { describe, expect, it } from 'vitest';
import { oneBit, randomizedBit } from '../../shared/privacy/one-bit.ts';
import { type Random, seeded } from '../../shared/random.ts';
import { estimateValue, reportsNeeded } from '../../trainer-server/feedback/estimate-reports.ts';

const COHORTS = 1000;
const DEVICES = 2000;

/** Reward of a device: a purchase with this chance, seen through this importance weight. */
interface World {
  weight: number;
  chance: number;
  bound: number;
}

const WORLDS: [string, World][] = [
  ['on-policy conversion of 7.5 %, W = 1', { weight: 1, chance: 0.075, bound: 1 }],
  ['importance weights up to the bound, W = 6', { weight: 6, chance: 0.05, bound: 6 }],
  ['rare purchases, W = 6', { weight: 1.5, chance: 0.02, bound: 6 }],
];

const draw = (random: Random): number => random.int(2 ** 16) * 2 ** 32 + random.int(2 ** 32);

/** What one cohort of devices would have the trainer believe. */
function cohort({ weight, chance, bound }: World, random: Random): ReturnType<typeof estimateValue> {
  const mechanism = oneBit(1, bound);
  let ones = 0;
  for (let i = 0; i < DEVICES; i++) {
    // Half of the decisions took an action that the candidate takes twice as often, or never.
    const w = random.next() < 0.5 ? weight : 0;
    const reward = random.next() < chance ? 1 : 0;
    ones += randomizedBit(mechanism, w * reward, draw(random));
  }
  return estimateValue({ reports: DEVICES, ones }, mechanism);
}

describe('SAFETY 15: the estimate from one-bit reports', () => {
  it.each(WORLDS)('is unbiased and covers the truth as often as it says: %s', (name, world) => {
    const truth = 0.5 * world.weight * world.chance;
    const random = seeded(name);
    const estimates = Array.from({ length: COHORTS }, () => cohort(world, random));
    const mean = estimates.reduce((sum, { value }) => sum + value, 0) / COHORTS;
    const spread = Math.sqrt(estimates.reduce((sum, { value }) => sum + (value - mean) ** 2, 0) / COHORTS);
    expect(Math.abs(mean - truth)).toBeLessThan((3 * spread) / Math.sqrt(COHORTS));
    const covering = estimates.filter(({ low, high }) => low <= truth && truth <= high).length;
    expect(covering / COHORTS).toBeGreaterThanOrEqual(0.93);
    expect(covering / COHORTS).toBeLessThanOrEqual(0.97);
    // What it says of its own error is what a thousand cohorts show.
    expect(estimates[0]!.standardError / spread).toBeCloseTo(1, 1);
  });

  it('is biased where the clipping bound is below what the weights reach', () => {
    const random = seeded('clipped');
    const world = { weight: 6, chance: 0.05, bound: 2 };
    const values = Array.from({ length: COHORTS }, () => cohort(world, random).value);
    const mean = values.reduce((sum, value) => sum + value, 0) / COHORTS;
    // Six becomes two: a third of 0.15 is seen.
    expect(mean).toBeGreaterThan(0.03);
    expect(mean).toBeLessThan(0.07);
  });

  it('needs as many reports as the design worked out: 1.35 million for half a point at epsilon 1 and W = 6', () => {
    expect(reportsNeeded(0.005, 0.05, oneBit(1, 6)) / 1.35e6).toBeCloseTo(1, 1);
    expect(reportsNeeded(0.005, 0.1, oneBit(1, 6)) / 1.35e6).toBeCloseTo(1, 1);
    const ratio = reportsNeeded(0.00125, 0.05, oneBit(1, 6)) / reportsNeeded(0.005, 0.05, oneBit(1, 6));
    expect(ratio).toBeCloseTo(16, 3);
  });

  it('moves by 2.16 W/n for one forged bit', () => {
    const mechanism = oneBit(1, 6);
    const honest = estimateValue({ reports: 1000, ones: 300 }, mechanism);
    const forged = estimateValue({ reports: 1000, ones: 301 }, mechanism);
    expect(forged.value - honest.value).toBeCloseTo((2.164 * 6) / 1000, 5);
    expect(honest.forgedBit).toBeCloseTo((2.164 * 6) / 1000, 5);
  });
});
