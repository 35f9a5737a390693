/** A release as a policy: what the simulator runs and the estimators judge. */

import { argmax } from '../../shared/choose.ts';
import { type DecisionModel, weigh } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { decisionModelOf } from '../../shared/decision-model.ts';
import type { Engine } from '../../shared/engine.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { ortNodeEngineOf } from '../engine/ort-node-engine.ts';
import type { Bundle } from '../release/bundle.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';

/** A bundle ready to decide: its model, and the engine over its quantized files. Dispose of the engine when done. */
export async function openPolicy(bundle: Bundle): Promise<{ model: DecisionModel; engine: Engine }> {
  const [first, catalogue, engine] = await Promise.all([
    bundle.first(),
    bundle.catalogue(),
    ortNodeEngineOf(bundle),
  ]);
  const { products } = catalogue ?? first;
  return { model: decisionModelOf(first, products, bundle.manifest), engine };
}

/** @param greedy all probability on the largest net value, else the release's own exploration */
export function policyOf(
  name: string,
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
  { greedy = false }: { greedy?: boolean } = {},
): SimulatedPolicy {
  return {
    name,
    async probabilities(requests) {
      const out: number[][] = [];
      for (const request of requests) out.push(await probabilitiesOf(request, model, engine, greedy));
      return out;
    },
  };
}

/** In the order of the request's `eligible`; what masks forbid gets 0. */
async function probabilitiesOf(
  request: DecisionRequest,
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
  greedy: boolean,
): Promise<number[]> {
  const eligible = request.eligible ?? [NONE_ID, ...model.promotions.keys()];
  const { candidates, net, probabilities } = await weigh(request, model, engine);
  // Where everything is masked, `decide` answers none.
  if (candidates.length === 0) return eligible.map((id) => (id === NONE_ID ? 1 : 0));
  const best = argmax(net);
  const byId = new Map(
    candidates.map(({ id }, i) => [id, greedy ? (i === best ? 1 : 0) : probabilities[i]!]),
  );
  return eligible.map((id, i) => (eligible.indexOf(id) === i ? (byId.get(id) ?? 0) : 0));
}
