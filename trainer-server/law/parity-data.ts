/** Logged decisions as the parity audit reads them: which group, whether a discount was given, what it was worth. */

import type { LoggedDecision } from '../../shared/decision.ts';
import { BadInput } from '../../shared/errors.ts';
import type { Minor } from '../../shared/money.ts';
import type { Promotion, PromotionType } from '../../shared/promotion.ts';
import { amountOf, percentOf } from '../../shared/promotions/benefit.ts';
import type { Dataset } from '../dataset/load.ts';
import type { ParityDecision } from './parity.ts';

/** They change no price. */
const NO_DISCOUNT: ReadonlySet<PromotionType> = new Set(['none', 'message']);

export interface ParityData {
  decisions: ParityDecision[];
  /** What was left out or assumed, in words. */
  notes: string[];
}

export interface Grouping {
  /** Name of the attribute. */
  attribute: string;
  /** Ascending edges that make groups of a number: below the first, from the first to below the second, ... */
  cuts?: readonly number[];
}

/**
 * Decisions for which some discount was eligible: where there was nothing to give, nobody was passed over.
 * @throws BadInput where no decision has the attribute
 */
export function parityData({ decisions, promotions, shop, events }: Dataset, grouping: Grouping): ParityData {
  const known = new Map(promotions.map((promotion) => [promotion.id, promotion]));
  const isDiscount = (id: string): boolean => {
    const type = known.get(id)?.terms.type;
    return type !== undefined && !NO_DISCOUNT.has(type);
  };
  const basket = typicalBasket(events);
  const rows: ParityDecision[] = [];
  const left = { nothing: 0, unknown: 0, group: 0 };
  for (const decision of decisions) {
    const group = groupOf(decision.attributes?.[grouping.attribute], grouping.cuts);
    if (group === undefined) left.group++;
    else if (!known.has(decision.action)) left.unknown++;
    else if (!decision.eligible.some(isDiscount)) left.nothing++;
    else {
      const given = isDiscount(decision.action);
      const worth = given ? worthOf(known.get(decision.action)!, cartTotal(decision) ?? basket ?? 0) : 0;
      rows.push({ group, visitor: decision.visitor, given, worth });
    }
  }
  if (left.group === decisions.length) {
    const names = Object.keys(shop.attributes).join(', ') || 'none';
    throw new BadInput(
      { file: 'decisions.jsonl', field: `attributes.${grouping.attribute}` },
      'the group of each decision',
      'none',
      `Known attributes: ${names}`,
    );
  }
  return { decisions: rows, notes: notesOf(left, basket, shop.currency) };
}

/** @returns nothing where the value is missing */
function groupOf(
  value: string | number | boolean | undefined,
  cuts: readonly number[] | undefined,
): string | undefined {
  if (value === undefined || cuts === undefined) return value === undefined ? undefined : String(value);
  if (typeof value !== 'number') return undefined;
  const at = cuts.filter((cut) => value >= cut).length;
  if (at === 0) return `below ${cuts[0]}`;
  return at === cuts.length ? `${cuts.at(-1)} and more` : `${cuts[at - 1]} to below ${cuts[at]}`;
}

/** On a basket without a scope: which products it fits is the same for every group. */
function worthOf({ terms, costPerUse }: Promotion, basket: Minor): Minor {
  const amount = amountOf(terms);
  if (amount > 0) return basket > 0 ? Math.min(amount, basket) : amount;
  const percent = percentOf(terms);
  return percent > 0 ? (percent / 100) * basket : (costPerUse ?? 0);
}

function cartTotal({ cart }: LoggedDecision): Minor | undefined {
  const total = (cart ?? []).reduce((sum, { quantity, price }) => sum + quantity * (price ?? 0), 0);
  return total > 0 ? total : undefined;
}

/** Median of what purchases came to, minor units; nothing where the log has no priced purchase. */
function typicalBasket(events: Dataset['events']): Minor | undefined {
  const values = events
    .flatMap(({ name, value }) => (name === 'purchase' && value !== undefined && value > 0 ? [value] : []))
    .sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)];
}

function notesOf(
  left: { nothing: number; unknown: number; group: number },
  basket: Minor | undefined,
  currency: string,
): string[] {
  const notes = [
    [left.group, 'decisions without the attribute left out'],
    [left.unknown, 'decisions for a promotion that promotions.json lacks left out'],
    [left.nothing, 'decisions where no discount was eligible left out'],
  ] as const;
  return [
    ...notes.filter(([count]) => count > 0).map(([count, text]) => `${count} ${text}`),
    basket === undefined
      ? 'no priced purchase in the log: worth counts carts and fixed amounts alone'
      : `worth is in minor units of ${currency}, on the cart, else on a typical basket of ${basket}`,
  ];
}
