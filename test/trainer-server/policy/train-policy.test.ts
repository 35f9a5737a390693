import { describe, expect, it } from 'vitest';
import { decide } from '../../../shared/decide.ts';
import { ThinEvidence } from '../../../shared/errors.ts';
import { readHead, scoreHead } from '../../../shared/policy/head.ts';
import { NONE } from '../../../shared/promotion.ts';
import { seeded } from '../../../shared/random.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import { exportPolicy } from '../../../trainer-server/policy/export-policy.ts';
import { surroundingsOf } from '../../../trainer-server/policy/prepare.ts';
import { type PolicyModel, trainPolicy } from '../../../trainer-server/policy/train-policy.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { NO_CHECKPOINTS } from '../../../trainer-server/training-options.ts';
import { type TrialDataset, trial, trueReward } from '../../helpers/trials.ts';

const train = (dataset: TrialDataset): Promise<PolicyModel> =>
  trainPolicy({
    dataset,
    training: {
      device: 'cpu',
      random: seeded('train'),
      progress: SILENT,
      signal: new AbortController().signal,
      deadline: () => 60,
      checkpoints: NO_CHECKPOINTS,
    },
    options: { batch: 128, epochs: 2, leastSteps: 20, studentLeastSteps: 250, folds: 2, strengths: [0.05] },
  });

/** Decides greedily through the exported int8 tensors, as a device would. */
function decideBy(model: PolicyModel, dataset: TrialDataset) {
  const { tensors, meta } = exportPolicy(model);
  const head = readHead(tensors, meta.head);
  const decisionModel = {
    ...surroundingsOf(dataset, meta.features),
    sessionWidth: 0,
    trained: true,
    budgetCost: {},
    budgetPrice: 0,
    exploration: meta.exploration,
  };
  const engine = {
    encodeSession: async () => new Float32Array(0),
    score: async (state: Float32Array, actions: Float32Array, count: number) =>
      scoreHead(head, state, actions, count),
  };
  return (attributes: Record<string, string | number>, eligible?: string[], slot?: string) =>
    decide(
      { history: [], attributes, ...(eligible && { eligible }), ...(slot && { slot }) },
      decisionModel,
      engine,
      {
        random: seeded(1),
        clock: () => 0,
        greedy: true,
      },
    );
}

describe('a trained policy', () => {
  it('finds the best promotion of each context, and values it in the unit of the log', async () => {
    const dataset = trial({ count: 2400, seed: 1 });
    const other = { id: 'other-ten', terms: { type: 'percentage', percent: 10 } } as const;
    dataset.promotions = [...dataset.promotions, other];
    const choose = decideBy(await train(dataset), dataset);
    for (const [taste, best] of [
      ['tea', 'gift'],
      ['coffee', 'ten'],
      ['water', 'none'],
    ] as const) {
      const decision = await choose({ taste, age: 40 }, ['none', 'gift', 'ten']);
      expect(decision.action).toBe(best);
      expect(Math.abs(decision.values[best]! - trueReward(taste, best))).toBeLessThan(0.6);
    }
    // One that training never saw is known by its terms: a second ten percent is worth what the first is.
    const { values } = await choose({ taste: 'coffee', age: 40 }, ['none', 'ten', 'other-ten']);
    expect(values['other-ten']!).toBeGreaterThan(values.none!);
  });

  it('puts another creative into each placement where shoppers answer differently there', async () => {
    const { shop, decisions } = trial({ count: 1200, seed: 6, noise: 0 });
    const random = seeded('placements');
    const placements = ['home', 'cart'];
    const creatives = ['autumn', 'delivery'].map((id) => ({
      ...{ id, terms: { type: 'message' as const }, creative: { title: id }, placements },
    }));
    const eligible = [NONE.id, ...creatives.map(({ id }) => id)];
    const placed = decisions.map((decision) => {
      const slot = placements[random.int(2)]!;
      const action = eligible[random.int(3)]!;
      // A season is looked at on the home page, delivery wanted in the cart; the wrong one puts people off.
      const right = action === (slot === 'home' ? 'autumn' : 'delivery');
      const reward = 1 + (action === NONE.id ? 0 : right ? 1 : -0.5) + random.normal();
      return { ...decision, eligible, slot, action, reward };
    });
    const dataset: TrialDataset = {
      ...{ decisions: placed, events: [], products: [], promotions: [NONE, ...creatives] },
      shop: { ...shop, slots: placements },
    };
    const device = decideBy(await train(dataset), dataset);
    const shopper = { taste: 'tea', age: 30 };
    expect((await device(shopper, eligible, 'home')).action).toBe('autumn');
    expect((await device(shopper, eligible, 'cart')).action).toBe('delivery');
    // Hand-worked: 2 for the right one, 1 for none, 0.5 for the wrong one.
    const { values } = await device(shopper, eligible, 'cart');
    expect(Math.abs(values.delivery! - 2)).toBeLessThan(0.35);
    expect(Math.abs(values.autumn! - 0.5)).toBeLessThan(0.35);
  });

  it('finds it from a skewed log without propensities, and says that they are estimates', async () => {
    const dataset = trial({
      count: 2400,
      seed: 2,
      logging: (taste) => (taste === 'tea' ? [0.7, 0.1, 0.2] : [0.2, 0.6, 0.2]),
      logPropensity: false,
    });
    const model = await train(dataset);
    expect(model.report.estimatedPropensities).toBe(2400);
    const choose = decideBy(model, dataset);
    expect((await choose({ taste: 'tea', age: 30 })).action).toBe('gift');
    expect((await choose({ taste: 'coffee', age: 30 })).action).toBe('ten');
    expect((await choose({ taste: 'water', age: 30 })).action).toBe('none');
  });

  it('is a plain response model where the log never did anything', async () => {
    const dataset = trial({ count: 800, seed: 3 });
    for (const decision of dataset.decisions) {
      decision.eligible = ['none'];
      decision.action = 'none';
      decision.propensity = 1;
      decision.reward = trueReward(String(decision.attributes!.taste), 'none');
    }
    const choose = decideBy(await train({ ...dataset, promotions: [NONE] }), dataset);
    expect((await choose({ taste: 'tea', age: 40 }, ['none'])).values.none).toBeCloseTo(2, 0);
    expect((await choose({ taste: 'water', age: 40 }, ['none'])).values.none).toBeCloseTo(1, 0);
  });

  it('exports an ONNX head that gives what the packed tensors give', async () => {
    const dataset = trial({ count: 300, seed: 4 });
    const { onnx, tensors, meta } = exportPolicy(await train(dataset));
    const random = seeded('inputs');
    const state = Float32Array.from({ length: meta.head.contextWidth }, () => random.normal());
    const actions = Float32Array.from({ length: 3 * meta.head.actionWidth }, () => random.normal());
    const session = await openSession(onnx);
    const { q } = await session.run({
      state: { shape: [1, state.length], data: state },
      actions: { shape: [3, meta.head.actionWidth], data: actions },
    });
    const plain = scoreHead(readHead(tensors, meta.head), state, actions, 3);
    plain.forEach((value, i) => {
      expect(Math.abs(q!.data[i]! - value)).toBeLessThan(1e-5 * Math.max(...plain.map(Math.abs)));
    });
  });

  it('is refused where there is next to nothing to learn from', async () => {
    await expect(train(trial({ count: 10, seed: 5 }))).rejects.toThrow(ThinEvidence);
  });
});
