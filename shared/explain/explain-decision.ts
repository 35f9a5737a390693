/**
 * Why this promotion and not the next best: what each group of facts about the shopper adds to its lead. Exact Shapley
 * values of the lead, where a set of facts is worth the lead that the policy gives when it is told only those: nothing
 * is averaged over other shoppers, and a feature that reads several facts is shared among them.
 */

import { type DecisionModel, weigh } from '../decide.ts';
import type { DecisionRequest } from '../decision.ts';
import type { Engine } from '../engine.ts';
import { type Digest, digestOf } from '../features/digest.ts';
import type { JsEngine } from '../kernels/js-engine.ts';
import { NONE_ID } from '../promotion.ts';
import { type AttendedEvent, attentionOverEvents } from './attention.ts';
import { type Fact, factsOf, withOnly } from './facts.ts';
import { shapley } from './shapley.ts';

/** Values are expected rewards in the log's own unit, net of the price of budget. */
export interface DecisionExplanation {
  promotion: string;
  /** The best of the others, which it is compared with. */
  against: string;
  /** Its lead over it, negative where exploration drew it, and the lead for a shopper of whom nothing is known. */
  lead: number;
  leadUnknown: number;
  /** What each group of facts adds to the lead: they sum to `lead - leadUnknown`. */
  contributions: { fact: Fact; value: number }[];
  /** What offering it is expected to change against offering nothing; absent where nothing was not among the choices. */
  effect?: number;
  /** Which events the session encoder looked at; absent where the policy reads no sequence. */
  attention?: AttendedEvent[];
}

/** An engine that explains; one that cannot be watched leaves the attention out. */
type Explaining = Pick<Engine, 'encodeSession' | 'score'> & Pick<JsEngine, 'watchSession'>;

/**
 * Explains why `promotion` was or would be chosen. Costs one decision for each set of facts: 128 at most.
 * @returns undefined where there was no choice
 */
export async function explainDecision(
  request: DecisionRequest,
  promotion: string,
  model: DecisionModel,
  engine: Explaining,
): Promise<DecisionExplanation | undefined> {
  const full = await netValues(request, model, engine);
  const own = full.get(promotion);
  const others = [...full].filter(([id]) => id !== promotion);
  if (own === undefined || others.length === 0) return undefined;
  const [against, best] = others.reduce((a, b) => (b[1] > a[1] ? b : a));
  const digest = digestOf(request, model);
  const facts = factsOf(digest);
  const leadTold = leadToldOf(digest, [promotion, against], model, encodingOnce(engine));
  const { values, empty, whole } = await shapley(facts.length, (set) =>
    set === (1 << facts.length) - 1
      ? own - best
      : leadTold(new Set(facts.filter((_, i) => (set & (1 << i)) !== 0))),
  );
  const nothing = full.get(NONE_ID);
  const attention = attentionOverEvents(digest.request, model, engine.watchSession);
  return {
    promotion,
    against,
    lead: whole,
    leadUnknown: empty,
    contributions: facts.map((fact, i) => ({ fact, value: values[i]! })),
    ...(nothing === undefined || promotion === NONE_ID ? {} : { effect: own - nothing }),
    ...(attention.length > 0 && { attention }),
  };
}

/** The lead of one promotion over another that the policy gives when it is told only some of what is known. */
export function leadToldOf(
  digest: Digest,
  pair: readonly [promotion: string, against: string],
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
): (told: ReadonlySet<Fact>) => Promise<number> {
  const open = unmasked(model);
  return async (told) => {
    const net = await netValues({ ...withOnly(digest, told), eligible: [...pair] }, open, engine);
    return net.get(pair[0])! - net.get(pair[1])!;
  };
}

/** Masks may hang on a fact, as a minimum does on the cart; all sets compare the same two promotions all the same. */
function unmasked(model: DecisionModel): DecisionModel {
  const bare = [...model.promotions].map(
    ([id, { terms, scope, schedule }]) =>
      [id, { id, terms, ...(scope && { scope }), ...(schedule && { schedule }) }] as const,
  );
  return { ...model, promotions: new Map(bare) };
}

/** Cart and attributes are no part of the sequence: most sets share theirs with another, and encoding is the cost. */
function encodingOnce(engine: Pick<Engine, 'encodeSession' | 'score'>): typeof engine {
  const known = new Map<string, Promise<Float32Array>>();
  return {
    encodeSession: (input) => {
      const key = Object.values(input).join(';');
      const state = known.get(key) ?? engine.encodeSession(input);
      known.set(key, state);
      return state;
    },
    score: (state, actions, count) => engine.score(state, actions, count),
  };
}

async function netValues(
  request: DecisionRequest,
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
): Promise<Map<string, number>> {
  const { candidates, net } = await weigh(request, model, engine);
  return new Map(candidates.map(({ id }, i) => [id, net[i]!]));
}
