/** One slot's decision on the device: the request made from the history, the decision, the record of both. */

import { decide, probabilitiesOf } from '../../shared/decide.ts';
import { type DecisionRequest, shopperFields } from '../../shared/decision.ts';
import type { Engine } from '../../shared/engine.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { rememberedOf } from '../../shared/features/digest.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import { withHoldout } from '../../shared/policy/holdout.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { uniform } from '../../shared/random.ts';
import type { DecideOptions } from '../api.ts';
import { knows, type Model } from '../model.ts';
import { itemsFrom } from './event.ts';
import type { DecisionRecord } from './record.ts';

export interface Asked {
  id: string;
  slot: string;
  options: DecideOptions;
  /** Oldest first. */
  history: BehaviourEvent[];
  /** Epoch milliseconds. */
  ts: number;
  /** Of the random stream that draws the action: it makes the propensity checkable. */
  seed: string;
  consented: boolean;
  /** What the device has learned of its shopper under this release. */
  own?: DecisionRequest['own'] | undefined;
  /** This device is never shown anything. */
  heldOut: boolean;
}

/** @throws BadInput for a cart that cannot be read */
export async function decideSlot(
  asked: Asked,
  model: Model,
  engine: Engine,
  clock: () => number,
): Promise<DecisionRecord> {
  const request = withHoldout(requestOf(asked, model), asked.heldOut);
  const options = { random: uniform(asked.seed), clock };
  const decision = await decide(request, model.decision, engine, options);
  const candidates = Object.keys(decision.values).map((id) => ({ id }));
  const probabilities = probabilitiesOf(candidates, Object.values(decision.values), model.decision);
  return {
    id: asked.id,
    slot: asked.slot,
    ts: asked.ts,
    request,
    decision,
    probabilities,
    seed: asked.seed,
    release: model.release.manifest.version,
    featureVersion: FEATURE_VERSION,
    tier: engine.tier,
    exposed: false,
    consented: asked.consented,
    sent: false,
    after: [],
  };
}

function requestOf(asked: Asked, model: Model): DecisionRecord['request'] {
  const { cart, attributes, product, eligible } = asked.options;
  const request: DecisionRequest & { eligible: string[] } = {
    id: asked.id,
    ts: asked.ts,
    slot: asked.slot,
    history: rememberedOf(product === undefined ? asked.history : viewing(product, asked)),
    ...shopperFields(asked.options),
    eligible: [...(eligible ?? [NONE_ID, ...model.decision.promotions.keys()])],
  };
  if (attributes !== undefined) request.attributes = attributes;
  if (asked.own !== undefined) request.own = asked.own;
  if (cart !== undefined)
    request.cart = itemsFrom(cart, model.meta.shop.currency, (sku) => knows(model, sku));
  return request;
}

/** A product page that was not tracked is a view all the same, for this decision. */
function viewing(sku: string, { history, ts }: Asked): BehaviourEvent[] {
  const last = history.at(-1);
  if (last?.name === 'view_item' && (last.sku === sku || last.items?.[0]?.sku === sku)) return history;
  return [...history, { visitor: 'device', name: 'view_item' as const, ts, sku }];
}
