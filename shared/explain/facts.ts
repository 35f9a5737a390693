/** What a request says of a shopper, in the groups in which a person would think of it. */

import type { DecisionRequest } from '../decision.ts';
import type { BehaviourEvent, EventItem, EventName } from '../event.ts';
import { type CartLine, type Digest, rememberedOf } from '../features/digest.ts';

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

type Known = Pick<Digest, 'request' | 'history' | 'sessionStart' | 'cart'>;

/** The groups of which the request says anything, in the order of FACTS. */
export function factsOf(digest: Known): Fact[] {
  const { request } = digest;
  const found = new Set(readOf(digest).map(({ fact }) => fact));
  if (digest.cart.length > 0) found.add('cart');
  if (request.own !== undefined) found.add('promotions');
  if (Object.keys(request.attributes ?? {}).length > 0) found.add('attributes');
  return FACTS.filter((fact) => found.has(fact));
}

/** The same request at the same moment, of a shopper of whom only these groups are known. */
export function withOnly(digest: Known & Pick<Digest, 'now'>, kept: ReadonlySet<Fact>): DecisionRequest {
  const { request, now } = digest;
  const { cart, attributes, own, ...rest } = request;
  return {
    ...rest,
    // The moment is read off the last event where the request names none: it must outlive that event.
    ...(now === undefined ? {} : { ts: now }),
    history: readOf(digest).flatMap(({ event, fact }) => (kept.has(fact) ? [event] : [])),
    // Said, not left to be read off the events: without a purchase the cart that it emptied would be full again.
    cart: kept.has('cart') ? (cart ?? digest.cart.map(itemOf)) : [],
    ...(attributes !== undefined && kept.has('attributes') ? { attributes } : {}),
    ...(own !== undefined && kept.has('promotions') ? { own } : {}),
  };
}

const itemOf = ({ sku, quantity, price }: CartLine): EventItem => ({
  ...{ sku, quantity },
  ...(price === undefined ? {} : { price }),
});

/** The events that features read. What is older must not move into their place where later ones are withheld. */
function readOf({ request, history, sessionStart }: Known): { event: BehaviourEvent; fact: Fact }[] {
  const read = rememberedOf(request.history);
  const visit = read.length - history.length + sessionStart;
  return read.map((event, i) => ({ event, fact: factOf(event, i >= visit) }));
}

const factOf = ({ name }: BehaviourEvent, thisVisit: boolean): Fact =>
  OF_EVENT[name] ?? (thisVisit ? 'visit' : 'past');
