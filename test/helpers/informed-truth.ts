/**
 * What a simulated world truly expects of each promotion, to somebody who is told only some facts of a shopper: boosted
 * trees on exact expectations (no noise of purchases), fitted on requests of which facts were withheld at random, so that
 * every set of them is asked about as it was learned (Covert, Lundberg and Lee 2021, "Explaining by removing", section
 * 8.2). It shares no feature and no weight with the policy.
 */

import type { DecisionRequest } from '../../shared/decision.ts';
import { FACTS, type Fact, withOnly } from '../../shared/explain/facts.ts';
import { digestOf, type Surroundings } from '../../shared/features/digest.ts';
import { type Random, seeded, shuffle } from '../../shared/random.ts';
import {
  type BoostingOptions,
  fitBoostedTrees,
  predictBoostedTrees,
} from '../../trainer-server/simulate/boosted-trees.ts';
import { runWorld, UNIFORM, type World } from '../../trainer-server/simulate/index.ts';
import { observe, observerOf } from '../../trainer-server/simulate/observables.ts';

/** Expected reward by promotion id less the mean of all, in the log's own unit. */
export type InformedTruth = (request: DecisionRequest, kept: ReadonlySet<Fact>) => Record<string, number>;

const BOOSTING: BoostingOptions = {
  trees: 200,
  learningRate: 0.1,
  depth: 6,
  leastRows: 40,
  rowShare: 0.5,
  featureShare: 0.3,
  sketch: 2,
};

/** @param contexts decisions of a uniform policy in a world whose promotions may all be shown at any time */
export async function fitInformedTruth(
  world: World,
  surroundings: Surroundings,
  contexts: number,
  seed: number | string,
): Promise<InformedTruth> {
  const { decisions, expected } = await runWorld(world, UNIFORM, {
    decisions: contexts,
    seed: `informed ${seed}`,
  });
  const observer = observerOf(world, decisions);
  const random = seeded(`informed ${seed}`);
  const read = (request: DecisionRequest, kept: ReadonlySet<Fact>): Float32Array => {
    const told = withOnly(digestOf(request, surroundings), kept);
    // That nothing is known of searches is something else than that there were none.
    const withheld = FACTS.map((fact) => (kept.has(fact) ? 0 : 1));
    return Float32Array.from([...observe(observer, told), ...withheld]);
  };
  const x: Float32Array[] = [];
  const y: Float64Array[] = [];
  decisions.forEach((request, i) => {
    const mean = expected[i]!.reduce((sum, r) => sum + r, 0) / expected[i]!.length;
    const advantages = expected[i]!.map((r) => r - mean);
    for (const kept of [FACTS, allButOne(random), anySet(random)]) {
      x.push(read(request, new Set(kept)));
      y.push(advantages);
    }
  });
  const model = fitBoostedTrees(x, y, BOOSTING, random.fork('trees'));
  return (request, kept) => {
    const advantages = predictBoostedTrees(model, read(request, kept));
    return Object.fromEntries(world.promotions.map(({ id }, at) => [id, advantages[at]!]));
  };
}

function allButOne(random: Random): Fact[] {
  const left = random.int(FACTS.length);
  return FACTS.filter((_, i) => i !== left);
}

/** Of any size alike, as Shapley values weigh sets. */
function anySet(random: Random): Fact[] {
  const order = [...FACTS];
  shuffle(order, random);
  return order.slice(0, random.int(FACTS.length));
}
