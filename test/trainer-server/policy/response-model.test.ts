import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { openFitEngine, type Solver } from '../../../trainer-server/policy/fit-engine.ts';
import { fitSpec } from '../../../trainer-server/policy/fit-spec.ts';
import { foldsOf, type PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import { preparePolicyData } from '../../../trainer-server/policy/prepare.ts';
import { fitResponses } from '../../../trainer-server/policy/response-model.ts';
import { trial } from '../../helpers/trials.ts';

/** 3,000 shoppers by taste; purchases are rare and worth 20, the gift doubles tea drinkers' odds and costs 2. */
function purchases(seed: number): { data: PolicyData; truth: (i: number, p: number) => number } {
  const dataset = trial({ count: 3000, seed });
  const random = seeded(`purchases ${seed}`);
  const chance = (taste: unknown, action: string): number =>
    action === 'gift' && taste === 'tea' ? 0.4 : action === 'ten' && taste === 'coffee' ? 0.35 : 0.15;
  const cost = (action: string): number => (action === 'gift' ? 2 : 0);
  for (const decision of dataset.decisions) {
    const bought = random.next() < chance(decision.attributes!.taste, decision.action);
    decision.reward = bought ? 20 - cost(decision.action) : 0;
    decision.spend = bought ? cost(decision.action) : 0;
  }
  const { data } = preparePolicyData(dataset, fitSpec(dataset));
  const truth = (i: number, p: number): number => {
    const action = data.promotions[p]!;
    return chance(dataset.decisions[i]!.attributes!.taste, action) * (20 - cost(action));
  };
  return { data, truth };
}

async function answersOf(data: PolicyData, solver: Solver) {
  const model = await fitResponses(data, foldsOf(data, 2), 2, solver);
  return { ...(await model.answers(data)), penalties: model.penalties };
}

describe('the response model', () => {
  let solver: Solver;
  beforeAll(async () => {
    solver = { engine: await openFitEngine(), late: () => false, say: () => undefined };
  });
  afterAll(() => solver.engine.close());

  it('predicts what each promotion brings each shopper, better than the mean of each promotion does', async () => {
    const { data, truth } = purchases(1);
    const { left } = await answersOf(data, solver);
    let ours = 0;
    let means = 0;
    const mean = data.promotions.map((_, p) => {
      let sum = 0;
      for (let i = 0; i < data.count; i++) sum += truth(i, p) / data.count;
      return sum;
    });
    for (let i = 0; i < data.count; i++) {
      for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
        const p = data.promotion[row]!;
        ours += (left.reward[row]! - truth(i, p)) ** 2;
        means += (mean[p]! - truth(i, p)) ** 2;
      }
    }
    expect(ours).toBeLessThan(0.7 * means);
  });

  it('knows what a promotion costs by what was spent on it, and that showing nothing is free', async () => {
    const { data } = purchases(2);
    const { mean } = await answersOf(data, solver);
    const average = (id: string): number => {
      const rows = [...data.promotion.keys()].filter((row) => data.promotions[data.promotion[row]!] === id);
      return rows.reduce((sum, row) => sum + mean.spend![row]!, 0) / rows.length;
    };
    expect(average('none')).toBe(0);
    // A third of the shoppers buys with 40 %, the others with 15 %, at 2 each.
    expect(Math.abs(average('gift') - 2 * (0.4 / 3 + 0.1))).toBeLessThan(0.12);
  });

  it('charges a promotion whose showing itself costs, whether somebody buys or not', async () => {
    const { data, truth } = purchases(4);
    const mail = data.promotions.indexOf('ten');
    for (let i = 0; i < data.count; i++) {
      if (data.promotion[data.offsets[i]! + data.chosen[i]!] !== mail) continue;
      data.reward[i]! -= 0.5;
      data.spend![i]! += 0.5;
    }
    const { mean } = await answersOf(data, solver);
    let [error, spend, rows] = [0, 0, 0];
    for (let i = 0; i < data.count; i++) {
      for (let row = data.offsets[i]!; row < data.offsets[i + 1]!; row++) {
        if (data.promotion[row] !== mail) continue;
        error += mean.reward[row]! - (truth(i, mail) - 0.5);
        spend += mean.spend![row]!;
        rows++;
      }
    }
    expect(Math.abs(spend / rows - 0.5)).toBeLessThan(0.05);
    // Purchases at 22 % of 1,000 showings leave a standard error of 0.26.
    expect(Math.abs(error / rows)).toBeLessThan(0.8);
  });

  it('ends soon where time has run out, with a model of every fold all the same', async () => {
    const { data } = purchases(3);
    let asked = 0;
    const { engine } = solver;
    const counting: typeof engine = {
      ...engine,
      loss: (...about) => {
        asked++;
        return engine.loss(...about);
      },
    };
    const late = { ...solver, engine: counting, late: () => true };
    const { left } = await answersOf(data, late);
    // Purchases, sizes and costs of two folds, some ten looks at each.
    expect(asked).toBeLessThan(6 * 20);
    expect(left.reward.every((value) => Number.isFinite(value))).toBe(true);
    expect(left.reward.reduce((sum, value) => sum + value, 0) / left.reward.length).toBeGreaterThan(1);
  });
});
