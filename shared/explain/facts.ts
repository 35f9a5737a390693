/** What a request says of a shopper, in the groups in which a person would think of it. */

import type { DecisionRequest } from '../decision.ts';
import type { BehaviourEvent, EventName } from '../event.ts';
import type { Digest } from '../features/digest.ts';

/** The stable names of the groups; texts are made from them where they are shown. Append only. */
export const FACTS = [
  'visit', // what was looked at in this visit
  'past', // what was looked at in earlier visits
  'searches',
  'cart',
  'purchases',
  'promotions', // which were shown and clicked, and what the device learned from that
  'attributes',
] as const;

export type Fact = (typeof FACTS)[number];

const OF_EVENT: Partial<Record<EventName, Fact>> = {
  search: 'searches',
  add_to_cart: 'cart',
  remove_from_cart: 'cart',
  begin_checkout: 'cart',
  purchase: 'purchases',
  refund: 'purchases',
  view_promotion: 'promotions',
  select_promotion: 'promotions',
};

/** The groups of which the request says anything, in the order of FACTS. */
export function factsOf(digest: Pick<Digest, 'request' | 'sessionStart'>): Fact[] {
  const { request, sessionStart } = digest;
  const found = new Set(request.history.map((event, i) => factOf(event, i >= sessionStart)));
  if ((request.cart ?? []).length > 0) found.add('cart');
  if (request.own !== undefined) found.add('promotions');
  if (Object.keys(request.attributes ?? {}).length > 0) found.add('attributes');
  return FACTS.filter((fact) => found.has(fact));
}

/** The same request at the same moment, of a shopper of whom only these groups are known. */
export function withOnly(
  digest: Pick<Digest, 'request' | 'sessionStart' | 'now'>,
  kept: ReadonlySet<Fact>,
): DecisionRequest {
  const { request, sessionStart, now } = digest;
  const { cart, attributes, own, ...rest } = request;
  return {
    ...rest,
    // The moment is read off the last event where the request names none: it must outlive that event.
    ...(now === undefined ? {} : { ts: now }),
    history: request.history.filter((event, i) => kept.has(factOf(event, i >= sessionStart))),
    ...(cart !== undefined && kept.has('cart') ? { cart } : {}),
    ...(attributes !== undefined && kept.has('attributes') ? { attributes } : {}),
    ...(own !== undefined && kept.has('promotions') ? { own } : {}),
  };
}

const factOf = ({ name }: BehaviourEvent, thisVisit: boolean): Fact =>
  OF_EVENT[name] ?? (thisVisit ? 'visit' : 'past');
