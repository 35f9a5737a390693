import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { type Judging, judge, splitForGate } from '../../../trainer-server/evaluate/gate.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { fixedPolicy, type SimulatedPolicy } from '../../../trainer-server/simulate/index.ts';
import { trial } from '../../helpers/trials.ts';

/** The truth of test/helpers/trials.ts: gift for tea, ten for coffee, none for water. */
const BEST: SimulatedPolicy = {
  name: 'best',
  probabilities: async (requests) =>
    requests.map(({ attributes }) => {
      const taste = attributes!.taste;
      return [taste === 'water' ? 1 : 0, taste === 'tea' ? 1 : 0, taste === 'coffee' ? 1 : 0];
    }),
};

/** The worst of everything. */
const HARMFUL: SimulatedPolicy = {
  name: 'harmful',
  probabilities: async (requests) =>
    requests.map(({ attributes }) => [
      0,
      attributes!.taste === 'tea' ? 0 : 1,
      attributes!.taste === 'tea' ? 1 : 0,
    ]),
};

const verdict = (rest: Partial<Judging> & Pick<Judging, 'candidate'>, count = 2000, seed = 1) => {
  const dataset = trial({ count, seed });
  return judge({ dataset, spec: fitSpec(dataset), random: seeded('gate'), ...rest });
};

describe('the evidence gate', () => {
  it('ships a first release that beats showing nothing, with its gain in an honest interval', async () => {
    const { shipped, value, low, high, against } = await verdict({ candidate: BEST });
    // By hand: a gain of 1 for tea, 1 for coffee, 0 for water, a third each.
    expect(shipped).toBe(true);
    expect(against).toBe('none');
    expect(low!).toBeLessThan(2 / 3);
    expect(high!).toBeGreaterThan(2 / 3);
    expect(Math.abs(value! - 2 / 3)).toBeLessThan(0.15);
  });

  it('refuses a harmful release, saying by how much', async () => {
    const { shipped, reasons, high } = await verdict({ candidate: HARMFUL });
    expect(shipped).toBe(false);
    expect(high!).toBeLessThan(0);
    expect(reasons.join(' ')).toContain('must be above');
  });

  it('refuses what is not better than the running policy', async () => {
    const copy = {
      ...BEST,
      name: 'copy',
      probabilities: async (requests: Parameters<typeof BEST.probabilities>[0]) => {
        const rows = await BEST.probabilities(requests);
        return rows.map((row) => row.map((p) => 0.99 * p + 0.01 / 3));
      },
    };
    const { shipped, against } = await verdict({ candidate: copy, running: BEST });
    expect(shipped).toBe(false);
    expect(against).toBe('best');
  });

  it('lets a mere refresh lose less than one per cent', async () => {
    const nearly = {
      ...BEST,
      probabilities: async (requests: Parameters<typeof BEST.probabilities>[0]) => {
        const rows = await BEST.probabilities(requests);
        return rows.map((row) => row.map((p) => 0.999 * p + 0.001 / 3));
      },
    };
    expect((await verdict({ candidate: nearly, running: BEST })).shipped).toBe(false);
    expect((await verdict({ candidate: nearly, running: BEST, refresh: true })).shipped).toBe(true);
    expect((await verdict({ candidate: HARMFUL, running: BEST, refresh: true })).shipped).toBe(false);
  });

  it('ships what decides exactly as the running policy: a response model shows nothing either', async () => {
    const same = await verdict({ candidate: fixedPolicy('none') });
    expect(same).toMatchObject({ shipped: true, value: 0 });
  });

  it('refuses where the held-out log is too thin', async () => {
    const { shipped, reasons, value } = await verdict({ candidate: BEST }, 60);
    expect(shipped).toBe(false);
    expect(value).toBeUndefined();
    expect(reasons[0]).toContain('effective sample size');
  });

  it('says where its propensities are estimates', async () => {
    const dataset = trial({ count: 3000, seed: 2, logPropensity: false });
    const { reasons } = await judge({ dataset, spec: fitSpec(dataset), candidate: BEST, random: seeded(1) });
    expect(reasons.join(' ')).toContain('3000 of 3000 propensities are estimates');
  });

  it('refuses a better release that breaks a declared guard-rail, and says which', async () => {
    const dataset = trial({ count: 3000, seed: 1 });
    const shop = { ...dataset.shop, guard_rails: { discount_share: 0.5, groups: ['taste'] } };
    const { shipped, low, reasons } = await judge({
      ...{ dataset: { ...dataset, shop }, spec: fitSpec(dataset) },
      ...{ candidate: BEST, random: seeded('gate') },
    });
    // Two tastes of three get something: two thirds, and nothing for those who drink water.
    expect(low!).toBeGreaterThan(0);
    expect(shipped).toBe(false);
    expect(reasons.join('; ')).toMatch(/guard-rail broken: discount share 6[67]\.\d %, limit 50 %/);
    expect(reasons.join('; ')).toContain('guard-rail broken: parity of taste 0.0 %, limit 80 %');
  });

  it('says which gain it would have seen, and narrows with evidence as the square root', async () => {
    const few = await verdict({ candidate: BEST }, 1000);
    const many = await verdict({ candidate: BEST }, 4000);
    expect(few.minimumDetectableEffect! / many.minimumDetectableEffect!).toBeGreaterThan(1.6);
    expect(few.minimumDetectableEffect! / many.minimumDetectableEffect!).toBeLessThan(2.5);
    expect(many.reasons.join('; ')).toContain('would mostly go unseen');
    // 2.8 standard errors where the interval spans 2 * 1.96.
    expect(many.minimumDetectableEffect! / (many.high! - many.low!)).toBeCloseTo(2.8 / 3.92, 1);
  });

  it('wants more of the second candidate on the same evidence', async () => {
    const first = await verdict({ candidate: BEST });
    const fifth = await verdict({ candidate: BEST, tries: 5 });
    expect(fifth.value).toBe(first.value);
    expect(fifth.low!).toBeLessThan(first.low!);
    expect(fifth.reasons.join('; ')).toContain('candidate 5 on these decisions');
  });

  it('refuses what the log never tried, naming it', async () => {
    const dataset = trial({ count: 3000, seed: 1, logging: () => [0.5, 0, 0.5] });
    const { shipped, reasons } = await judge({
      ...{ dataset, spec: fitSpec(dataset), candidate: fixedPolicy('gift'), random: seeded(1) },
    });
    expect(shipped).toBe(false);
    expect(reasons[0]).toContain('never took (gift)');
  });

  it('never has a visitor on both sides of the split', () => {
    const decisions = Array.from({ length: 5000 }, (_, i) => ({ visitor: `v${i % 800}` }));
    const { train, judge: judged } = splitForGate(decisions);
    const sides = new Set(train.map((i) => decisions[i]!.visitor));
    expect(judged.some((i) => sides.has(decisions[i]!.visitor))).toBe(false);
    expect(judged.length / decisions.length).toBeGreaterThan(0.15);
    expect(judged.length / decisions.length).toBeLessThan(0.25);
  });
});
