import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  bestFixed,
  dqnPolicy,
  rulesPolicy,
  tabularPolicy,
  treesPolicy,
} from '../../../trainer-server/policy/baselines.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import {
  linearBandit,
  thompsonPolicy,
  upliftPolicy,
} from '../../../trainer-server/policy/linear-baselines.ts';
import { preparePolicyData, surroundingsOf } from '../../../trainer-server/policy/prepare.ts';
import type { SimulatedPolicy } from '../../../trainer-server/simulate/index.ts';
import { TRIAL_PROMOTIONS, TRIAL_SHOP, type TrialDataset, trial } from '../../helpers/trials.ts';

const TRIAL = trial({ count: 1500, seed: 4, noise: 0.5 });
const prepared = (dataset: TrialDataset) => {
  const spec = fitSpec(dataset);
  const { data } = preparePolicyData(dataset, spec);
  return { data, surroundings: surroundingsOf(dataset, spec), ids: spec.promotions.length };
};
const { data, surroundings, ids } = prepared(TRIAL);
const ELIGIBLE = ['none', 'gift', 'ten'];

/** What the policy shows most to drinkers of tea, coffee and water. */
async function choices(policy: SimulatedPolicy): Promise<string[]> {
  const requests = ['tea', 'coffee', 'water'].map((taste) => ({
    ...{ history: [], eligible: ELIGIBLE },
    attributes: { taste, age: 40 },
  }));
  const rows = await policy.probabilities(requests);
  return rows.map((p) => ELIGIBLE[p.indexOf(Math.max(...p))]!);
}

describe('what a learned policy has to beat', () => {
  it('is a linear bandit, and trees, that find who wants which offer', async () => {
    expect(await choices(linearBandit(data, surroundings))).toEqual(['gift', 'ten', 'none']);
    // A leaf of theirs wants 200 decisions.
    const large = prepared(trial({ count: 6000, seed: 4, noise: 0.5 }));
    const trees = treesPolicy(large.data, large.surroundings, seeded('trees'));
    expect(await choices(trees)).toEqual(['gift', 'ten', 'none']);
  });

  it('is Thompson sampling that hardly ever errs where the log is clear, and often where it says little', async () => {
    const right = async (dataset: TrialDataset): Promise<number> => {
      const { data: log, surroundings: around } = prepared(dataset);
      const policy = thompsonPolicy(log, around, seeded('thompson'));
      let hits = 0;
      for (let i = 0; i < 60; i++) {
        const [tea, coffee, water] = await choices(policy);
        hits += Number(tea === 'gift') + Number(coffee === 'ten') + Number(water === 'none');
      }
      return hits / 180;
    };
    expect(await right(TRIAL)).toBeGreaterThan(0.95);
    expect(await right(trial({ count: 150, seed: 4, noise: 3 }))).toBeLessThan(0.8);
  });

  it('is uplift that shows its one treatment to those alone who answer it', async () => {
    // Most of these visitors drink tea, so that the gift is the best single promotion.
    const decisions = TRIAL.decisions.filter(
      ({ attributes }, i) => attributes?.taste === 'tea' || i % 3 === 0,
    );
    const tea = prepared({ ...TRIAL, decisions });
    expect(bestFixed(tea.data)).toBe('gift');
    expect(await choices(upliftPolicy(tea.data, tea.surroundings))).toEqual(['gift', 'none', 'none']);
  });

  it('is a plain deep Q network that finds them too, given time', async () => {
    const policy = await dqnPolicy(data, ids, surroundings, seeded('dqn'), { passes: 25, discount: 0.5 });
    expect(await choices(policy)).toEqual(['gift', 'ten', 'none']);
  });

  it('is the best single promotion by inverse propensities, not by who happened to be shown it', () => {
    // Shown to rich visitors mostly, the gift brings 9 on average, the others 2; ten brings everybody 1 more.
    const cells = [
      { taste: 'tea', action: 'gift', count: 90, propensity: 0.9, reward: 10 },
      { taste: 'tea', action: 'ten', count: 10, propensity: 0.1, reward: 11 },
      { taste: 'water', action: 'gift', count: 10, propensity: 0.1, reward: 0 },
      { taste: 'water', action: 'ten', count: 90, propensity: 0.9, reward: 1 },
    ];
    const decisions = cells.flatMap(({ taste, count, ...rest }, c) =>
      Array.from({ length: count }, (_, i) => ({
        ...{ id: `${c}-${i}`, visitor: `${c}-${i}`, history: [], attributes: { taste, age: 40 } },
        ...{ eligible: ['gift', 'ten'], ...rest },
      })),
    );
    const dataset = { decisions, events: [], products: [], promotions: TRIAL_PROMOTIONS, shop: TRIAL_SHOP };
    expect(bestFixed(prepared(dataset).data)).toBe('ten');
  });

  it('is a table of what was done, which knows no taste, and rules of thumb, which know carts alone', async () => {
    const [tea, coffee, water] = await choices(tabularPolicy(data, surroundings));
    expect(tea).toBe(coffee);
    expect(coffee).toBe(water);
    const rules = rulesPolicy(TRIAL_PROMOTIONS);
    expect(await choices(rules)).toEqual(['none', 'none', 'none']);
    const cart = [{ sku: 'a', quantity: 1, price: 1000 }];
    expect(await rules.probabilities([{ history: [], eligible: ELIGIBLE, cart }])).toEqual([[0, 0, 1]]);
  });
});
