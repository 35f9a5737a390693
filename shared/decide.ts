/** One decision, the same on the command line, in the trainer and on the device. */

import { argmax, draw, type Exploration, probabilities } from './choose.ts';
import type { Decision, DecisionRequest, Reason } from './decision.ts';
import type { Engine } from './engine.ts';
import { type ActionPromotion, actionsOf } from './features/actions.ts';
import { contextOf, unknownAttributes } from './features/context.ts';
import { type Digest, digestOf, type Surroundings } from './features/digest.ts';
import { sequenceOf } from './features/sequence.ts';
import { withBudgetPrice } from './policy/budget-input.ts';
import { withOwn } from './policy/own-correction.ts';
import { NONE, NONE_ID } from './promotion.ts';
import { disclosureOf, type MaskSettings, maskOf } from './promotions/masks.ts';
import type { Uniform } from './random.ts';

/** What a release says about how to decide. */
export interface DecisionModel extends Surroundings {
  /** Every published promotion by id, in the order in which they are offered where a request names none. */
  promotions: ReadonlyMap<string, ActionPromotion>;
  /** 0 where no session encoder was trained. */
  sessionWidth: number;
  /** False where no policy was trained: then nothing is shown, but in a shop's first weeks. */
  trained: boolean;
  /** A shop's first weeks, without logs: the promotions' own rules decide, and the uniform slice of `exploration`. */
  firstWeeks?: boolean;
  /** Cost of one use by promotion id, on the release's secret scale. */
  budgetCost: Readonly<Record<string, number>>;
  /** Price of one unit of it, subtracted from Q. */
  budgetPrice: number;
  /** Highest price that the head was trained for; absent where the price is none of its inputs. */
  budgetMost?: number;
  exploration: Exploration;
  /** Most that what a device has learned of its shopper may move Q, in the log's own unit; nothing where absent. */
  ownBound?: number;
  /** Nothing but the promotions' own rules where absent. */
  masks?: MaskSettings;
}

/** A request weighed but not yet decided: entry i of each belongs together. */
export interface Weighed {
  candidates: ActionPromotion[];
  /**
   * Expected reward in the log's own unit. At a price of budget above 0 a conditioned head takes off besides what this
   * shopper is expected to cost beyond the published mean.
   */
  q: number[];
  /** Q minus the price of budget times cost. */
  net: number[];
  /** The exploring policy's probabilities. */
  probabilities: number[];
  reasons: Reason[];
}

export interface DecideOptions {
  random: Uniform;
  /** A clock in milliseconds from any origin, for `ms`. */
  clock(): number;
  /** The largest net value instead of a draw. */
  greedy?: boolean;
}

type Runner = Pick<Engine, 'encodeSession' | 'score'>;

/** Decides one request. Never throws for what a request says: what cannot be used is a reason. */
export async function decide(
  request: DecisionRequest,
  model: DecisionModel,
  engine: Runner,
  options: DecideOptions,
): Promise<Decision> {
  const began = options.clock();
  const weighed = await weigh(request, model, engine);
  const { candidates, net, probabilities: p, reasons } = weighed;
  const best = argmax(net);
  const chosen = candidates.length === 0 ? -1 : options.greedy ? best : draw(p, options.random);
  if (chosen >= 0 && model.trained) reasons.push(...whyChosen(weighed, chosen));
  const disclosure = chosen < 0 ? undefined : disclosureOf(candidates[chosen]!, request, model.masks);
  if (disclosure !== undefined && model.trained) reasons.push(disclosure);
  return {
    ...(request.id === undefined ? {} : { id: request.id }),
    action: candidates[chosen]?.id ?? NONE_ID,
    propensity: chosen < 0 || options.greedy ? 1 : p[chosen]!,
    values: Object.fromEntries(candidates.map((promotion, i) => [promotion.id, weighed.q[i]!])),
    reasons,
    ms: options.clock() - began,
  };
}

/** Masks, features, networks, price of budget, exploration: everything but the draw. */
export async function weigh(
  request: DecisionRequest,
  model: DecisionModel,
  engine: Runner,
): Promise<Weighed> {
  const digest = digestOf(request, model);
  const { candidates, reasons } = candidatesOf(digest, model);
  for (const name of unknownAttributes(digest)) reasons.push({ code: 'attribute-unknown', detail: { name } });
  if (candidates.length === 0) {
    reasons.push({ code: 'nothing-eligible' });
    return { candidates, q: [], net: [], probabilities: [], reasons };
  }
  if (!model.trained) return withoutPolicy(candidates, reasons, model);
  const state = await stateOf(digest, model, engine);
  const frozen = [...(await engine.score(state, actionsOf(digest, candidates), candidates.length))];
  const q = withOwn(frozen, candidates, request.own, model.ownBound);
  if (!q.every(Number.isFinite)) {
    reasons.push({ code: 'value-not-finite' });
    return { candidates: [], q: [], net: [], probabilities: [], reasons };
  }
  return { candidates, ...priced(candidates, q, model), reasons };
}

/** Q to net values and probabilities. */
export function priced(
  candidates: readonly Pick<ActionPromotion, 'id'>[],
  q: number[],
  model: Pick<DecisionModel, 'budgetCost' | 'budgetPrice' | 'exploration'>,
): Pick<Weighed, 'q' | 'net' | 'probabilities'> {
  const net = q.map((value, i) => value - model.budgetPrice * (model.budgetCost[candidates[i]!.id] ?? 0));
  return { q, net, probabilities: probabilities(net, model.exploration) };
}

/** What a decision's candidates were drawn with, from their values alone. */
export function probabilitiesOf(
  candidates: readonly Pick<ActionPromotion, 'id'>[],
  q: number[],
  model: Pick<DecisionModel, 'trained' | 'firstWeeks' | 'budgetCost' | 'budgetPrice' | 'exploration'>,
): number[] {
  return (model.trained ? priced(candidates, q, model) : unpriced(candidates, model)).probabilities;
}

/** The promotions that may be shown, and why others may not. */
export function candidatesOf(
  digest: Pick<Digest, 'request' | 'now' | 'cart'>,
  model: Pick<DecisionModel, 'promotions' | 'masks'>,
): { candidates: ActionPromotion[]; reasons: Reason[] } {
  const reasons: Reason[] = [];
  const candidates: ActionPromotion[] = [];
  const mask = maskOf(digest, model.masks);
  const asked = digest.request.eligible ?? [NONE_ID, ...model.promotions.keys()];
  for (const id of new Set(asked)) {
    const known = id === NONE_ID ? NONE : model.promotions.get(id);
    if (known === undefined) reasons.push({ code: 'promotion-unknown', promotion: id });
    const masked = known === undefined || known === NONE ? undefined : mask(known);
    if (masked === undefined) candidates.push(known ?? { id, terms: { type: 'message' } });
    else reasons.push(masked);
  }
  return { candidates, reasons };
}

/** The session encoder's vector, the context features, and the price of budget where the head takes one. */
async function stateOf(digest: Digest, model: DecisionModel, engine: Runner): Promise<Float32Array> {
  const context = withBudgetPrice(contextOf(digest), model);
  if (model.sessionWidth === 0) return context;
  const state = new Float32Array(model.sessionWidth + context.length);
  const { history } = digest.request;
  state.set(await engine.encodeSession(sequenceOf(history, model.products, model.spec.priceEdges)));
  state.set(context, model.sessionWidth);
  return state;
}

/** No policy: which rule decides instead is said. */
function withoutPolicy(
  candidates: ActionPromotion[],
  reasons: Reason[],
  model: Pick<DecisionModel, 'firstWeeks' | 'exploration'>,
): Weighed {
  reasons.push({ code: model.firstWeeks ? 'first-weeks' : 'no-policy' });
  return { candidates, q: candidates.map(() => 0), ...unpriced(candidates, model), reasons };
}

/**
 * No promotion where that is allowed. In first weeks the first in the shop's order that nothing masks, and a slice drawn
 * among all that nothing masks, from which a policy can be learned: propensities are exact.
 */
function unpriced(
  candidates: readonly Pick<ActionPromotion, 'id'>[],
  { firstWeeks = false, exploration }: Pick<DecisionModel, 'firstWeeks' | 'exploration'>,
): Pick<Weighed, 'net' | 'probabilities'> {
  const wanted = candidates.findIndex(({ id }) => (id === NONE_ID) !== firstWeeks);
  const net = candidates.map((_, i) => (i === Math.max(0, wanted) ? 1 : 0));
  const slice = firstWeeks ? exploration.uniformShare : 0;
  return { net, probabilities: net.map((rule) => slice / candidates.length + (1 - slice) * rule) };
}

function whyChosen({ candidates, q, net }: Weighed, chosen: number): Reason[] {
  const promotion = candidates[chosen]!.id;
  const best = argmax(net);
  if (candidates.length === 1) return [{ code: 'only-one', promotion }];
  if (chosen !== best) return [{ code: 'explored', promotion, detail: { best: candidates[best]!.id } }];
  const runnerUp = Math.max(...net.filter((_, i) => i !== best));
  const why: Reason = { code: 'best', promotion, detail: { lead: net[best]! - runnerUp } };
  const withoutBudget = argmax(q);
  if (withoutBudget === best) return [why];
  return [why, { code: 'budget-price', promotion: candidates[withoutBudget]!.id }];
}
