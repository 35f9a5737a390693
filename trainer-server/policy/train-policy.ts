/** From a data folder to a policy: rewards, features, learning, and what a release says about how to decide. */

import { EXPLORATION, type Exploration } from '../../shared/choose.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { toMajor } from '../../shared/money.ts';
import type { Random } from '../../shared/random.ts';
import type { Tensors } from '../../shared/tensors.ts';
import type { TrainingOptions } from '../training-options.ts';
import { fitSpec } from './fit-spec.ts';
import { type LearnedPolicy, learnPolicy } from './learn-policy.ts';
import { packHead } from './pack-head.ts';
import type { PolicyData } from './policy-data.ts';
import { POLICY_OPTIONS, type PolicyOptions } from './policy-options.ts';
import { type PolicyDataset, preparePolicyData } from './prepare.ts';

export interface PolicyInput {
  dataset: PolicyDataset;
  /** Fitted on the dataset where absent; the session encoder must have been given the same one. */
  spec?: FeatureSpec;
  /** [decisions, width], in the order of `dataset.decisions`, from the session encoder; undefined without one. */
  sessionStates?: Float32Array | undefined;
  /** Share of devices that are never shown anything. */
  holdout?: number;
  training: Omit<TrainingOptions, 'from'>;
  options?: Partial<PolicyOptions>;
}

export interface PolicyModel extends LearnedPolicy {
  /** The head's parameters as they are published: int8 and scales. */
  packed: Tensors;
  spec: FeatureSpec;
  exploration: Exploration;
  /** Cost of one showing by promotion, in the log's own unit times `budgetScale`. */
  budgetCost: Record<string, number>;
  /** The release's secret: the price of budget is divided by it, so published numbers tell no cost. */
  budgetScale: number;
  /** The highest price the head was trained for, divided by it likewise; absent where nothing costs anything. */
  budgetMost?: number;
}

/** @throws ThinEvidence where there are too few decisions to learn from */
export async function trainPolicy(input: PolicyInput): Promise<PolicyModel> {
  const { dataset, training } = input;
  const spec = input.spec ?? fitSpec(dataset);
  const { data, notes } = preparePolicyData(dataset, spec, input.sessionStates);
  for (const note of notes) training.progress.say(`policy: ${note}`);
  const { costs, budgetScale } = budgetCosts(dataset, training.random.fork('budget'));
  const cost = Float64Array.from(data.promotions, (id) => costs.get(id) ?? 0);
  const learned = await learnPolicy(data, spec.promotions.length, cost, training, {
    ...POLICY_OPTIONS,
    ...input.options,
  });
  const exploration: Exploration = {
    ...EXPLORATION,
    unit: typicalLead(data, learned.q),
    ...(input.holdout ? { holdout: input.holdout } : {}),
  };
  const budgetCost = Object.fromEntries([...costs].map(([id, each]) => [id, budgetScale * each]));
  const { most } = learned;
  return {
    ...learned,
    packed: packHead(learned.parameters, learned.config, data),
    spec,
    exploration,
    budgetCost,
    budgetScale,
    ...(most === undefined ? {} : { budgetMost: most / budgetScale }),
  };
}

/** Mean lead of the best promotion over the mean of all: the unit in which exploration measures gaps. */
function typicalLead(data: PolicyData, q: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < data.count; i++) {
    const own = q.subarray(data.offsets[i]!, data.offsets[i + 1]!);
    sum += Math.max(...own) - own.reduce((total, x) => total + x, 0) / own.length;
  }
  return sum / Math.max(1, data.count) || 1;
}

/**
 * What showing each promotion takes from the budget: the mean logged `spend`, else its declared cost of one use; and
 * the secret scale on which it is published, because a bundle is public.
 */
function budgetCosts({ decisions, promotions, shop }: PolicyDataset, random: Random) {
  const budgetScale = Math.exp(random.normal());
  const spent = new Map<string, { sum: number; count: number }>();
  for (const { action, spend } of decisions) {
    if (spend === undefined) continue;
    const entry = spent.get(action) ?? { sum: 0, count: 0 };
    spent.set(action, { sum: entry.sum + spend, count: entry.count + 1 });
  }
  const costs = new Map<string, number>();
  for (const { id, costPerUse } of promotions) {
    const logged = spent.get(id);
    const cost = logged === undefined ? toMajor(costPerUse ?? 0, shop.currency) : logged.sum / logged.count;
    if (cost > 0) costs.set(id, cost);
  }
  return { costs, budgetScale };
}
