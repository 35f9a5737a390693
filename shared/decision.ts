/** Decisions: what is asked, what is answered, what is logged. */

import * as v from 'valibot';
import { defined } from './defined.ts';
import { BadInput } from './errors.ts';
import { type BehaviourEvent, type EventItem, readEvent, shownEntries } from './event.ts';
import { toMinor } from './money.ts';
import { type Attributes, attributesSchema, read, timeSchema } from './read.ts';

/** What a policy may see. Used unchanged in training, on the command line and on the device. */
export interface DecisionRequest {
  id?: string;
  /** Now. Else the last event's time; never the wall clock. */
  ts?: number;
  slot?: string;
  attributes?: Attributes;
  /** Oldest first. */
  history: BehaviourEvent[];
  /** Promotion ids that may be shown; absent means every published one and `none`. */
  eligible?: string[];
  cart?: EventItem[];
  /** For promotions that are for some segments or languages only. BCP 47; the shop's locale where absent. */
  segments?: string[];
  locale?: string;
  /** Promotions that the shopper is not interested in. */
  dismissed?: string[];
  /**
   * What this device has learned of its shopper under the release that decides: added to Q, by promotion, as far as the
   * release allows. Neither read from files nor ever sent.
   */
  own?: Readonly<Record<string, number>>;
}

/** What the page alone knows of a shopper, and masks read. */
export type ShopperFields = Pick<DecisionRequest, 'segments' | 'locale' | 'dismissed'>;

/** Those of the fields that are there. */
export function shopperFields({
  segments,
  locale,
  dismissed,
}: {
  [field in keyof ShopperFields]: ShopperFields[field] | undefined;
}): ShopperFields {
  return defined<ShopperFields>({ segments, locale, dismissed });
}

/** Why an action was taken or was not possible. `code` is stable; texts are made from it where it is shown. */
export interface Reason {
  code: string;
  promotion?: string;
  detail?: Record<string, string | number | boolean>;
}

export interface Decision {
  id?: string;
  action: string;
  /** Probability of `action` under the policy that drew it, after masks and budget. */
  propensity: number;
  /** Expected reward by promotion, in the log's own unit. */
  values: Record<string, number>;
  items?: string[];
  reasons: Reason[];
  ms: number;
}

/** A decision of the past with what came of it. */
export interface LoggedDecision extends DecisionRequest {
  id: string;
  visitor: string;
  session?: string;
  eligible: string[];
  action: string;
  propensity?: number;
  /** Net of the promotion's cost, in the log's own unit. */
  reward?: number;
  /** Taken from the budget by this decision, in the log's own unit. */
  spend?: number;
  outcome?: Record<string, unknown>;
}

const id = v.union([v.string(), v.pipe(v.number(), v.transform(String))]);
const cartItem = v.object({
  sku: id,
  quantity: v.optional(v.pipe(v.number(), v.minValue(0)), 1),
  price: v.optional(v.number()),
  ...shownEntries,
});
const cart = v.union([
  v.array(cartItem),
  v.pipe(
    v.object({ items: v.array(cartItem) }),
    v.transform((value) => value.items),
  ),
]);

const requestEntries = {
  id: v.nullish(id),
  ts: v.nullish(timeSchema),
  slot: v.nullish(v.string()),
  attributes: v.nullish(v.record(v.string(), v.nullable(attributesSchema.value))),
  history: v.nullish(v.array(v.unknown())),
  cart: v.nullish(cart),
  segments: v.nullish(v.array(v.string())),
  locale: v.nullish(v.string()),
  dismissed: v.nullish(v.array(v.string())),
};

/** A promotion that stands twice is one choice: counted as two it would be drawn, and valued, twice. */
const eligible = v.pipe(
  v.array(v.string()),
  v.transform((ids) => [...new Set(ids)]),
);

const requestSchema = v.object({ ...requestEntries, eligible: v.nullish(eligible) });

/** No shop's money, and variances of more would overflow. */
const MOST = 1e15;
const sum = v.pipe(v.number(), v.minValue(-MOST), v.maxValue(MOST));

const loggedSchema = v.object({
  ...requestEntries,
  id,
  visitor: v.nullish(id),
  session: v.nullish(id),
  eligible: v.pipe(eligible, v.nonEmpty()),
  action: v.string(),
  propensity: v.nullish(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  reward: v.nullish(sum),
  spend: v.nullish(sum),
  outcome: v.nullish(v.record(v.string(), v.unknown())),
});

/** A request line of `decide`. @throws BadInput naming the field */
export function readRequest(raw: unknown, currency: string): DecisionRequest {
  return readParts(read(requestSchema, raw), currency, 'shopper') as unknown as DecisionRequest;
}

/**
 * A line of `decisions.jsonl`. `history` stays absent (not empty) where the line has none, so that the loader
 * knows to join it from the events.
 * @throws BadInput naming the field
 */
export function readLoggedDecision(raw: unknown, currency: string): LoggedDecision & { joined?: boolean } {
  const line = read(loggedSchema, raw);
  if (!line.eligible.includes(line.action)) {
    throw new BadInput({ field: 'action' }, `one of eligible (${line.eligible.join(', ')})`, line.action);
  }
  const visitor = line.visitor ?? line.id;
  const parts = readParts({ ...line, visitor }, currency, visitor) as unknown as LoggedDecision;
  return line.history == null ? { ...parts, joined: false } : parts;
}

function readParts(
  line: Record<string, unknown>,
  currency: string,
  visitor: string,
): Record<string, unknown> {
  const out: Record<string, unknown> = { history: [] };
  for (const [key, value] of Object.entries(line)) {
    if (value === null || value === undefined) continue;
    if (key === 'history')
      out.history = (value as unknown[]).map((raw, i) => historyEvent(raw, i, currency, visitor));
    else if (key === 'cart') out.cart = (value as EventItem[]).map((item) => cartLine(item, currency));
    else if (key === 'attributes') out.attributes = withoutNulls(value as Record<string, unknown>);
    else out[key] = value;
  }
  return out;
}

function historyEvent(raw: unknown, index: number, currency: string, visitor: string): BehaviourEvent {
  try {
    return readEvent(raw, currency, visitor);
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(
      { field: `history[${index}].${error.place.field ?? ''}` },
      error.expected,
      error.found,
    );
  }
}

function cartLine(item: EventItem, currency: string): EventItem {
  const { price, ...rest } = item;
  return price === undefined ? rest : { ...rest, price: toMinor(price, currency, 'cart.price') };
}

function withoutNulls(attributes: Record<string, unknown>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null)) as Attributes;
}
