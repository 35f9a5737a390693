/** What a promotion's terms mean for one basket: money saved, money spent, units to add. */

import type { Promotion, Scope, Terms } from '../../shared/promotion.ts';
import { inScope } from '../../shared/promotions/scope.ts';
import type { Catalogue } from './catalogue.ts';
import type { Plan } from './plan.ts';
import type { World } from './world.ts';

/** One promotion for one basket, in minor units. */
export interface Offer {
  /** False where the basket cannot use it even if filled up. */
  usable: boolean;
  /** Units of `extraRow` that must be added before the terms are met. */
  extraUnits: number;
  extraRow: number;
  /** Taken off what the shopper pays. */
  saving: number;
  /** Paid by the shop. */
  cost: number;
  /** Part of `cost` that is lost even if the order comes back. */
  sunk: number;
  /** Share of the basket's value that the scope is about; 0 where nothing is scoped. */
  match: number;
}

/** More units than this nobody adds for an offer. */
const MOST_EXTRA_UNITS = 6;
/** Points are worth one minor unit each; half are never redeemed. */
const POINT_COST = 0.5;

/** Products in scope as a mask over catalogue rows; undefined is all. */
export function scopeMask(scope: Scope | undefined, catalogue: Catalogue): Uint8Array | undefined {
  if (scope === undefined) return undefined;
  return Uint8Array.from(catalogue.products, (product) => (inScope(scope, product.sku, product) ? 1 : 0));
}

/** The shop's cost of a gift: its stated cost, else what the product costs, else a twelfth of a basket. */
export function giftCost(promotion: Promotion, world: Pick<World, 'catalogue' | 'typicalBasket'>): number {
  const terms = promotion.terms;
  if (promotion.costPerUse !== undefined) return promotion.costPerUse;
  const row =
    terms.type === 'gift' && terms.sku !== undefined ? world.catalogue.rowOf.get(terms.sku) : undefined;
  return row === undefined ? Math.round(world.typicalBasket / 12) : world.catalogue.cost[row]!;
}

/** Shipping paid for a basket of this value. */
export function shippingOf(value: number, world: Pick<World, 'shippingFee' | 'freeShippingFrom'>): number {
  return value >= world.freeShippingFrom ? 0 : world.shippingFee;
}

/** Fills `out`: this runs once for every promotion at every decision, so it allocates nothing. */
export function offerFor(world: World, at: number, plan: Plan, out: Offer): Offer {
  const terms = world.promotions[at]!.terms;
  const mask = world.scopes[at];
  out.usable = true;
  out.extraUnits = 0;
  out.extraRow = -1;
  out.saving = 0;
  out.cost = 0;
  out.sunk = 0;
  const scoped = valueInScope(world.catalogue, plan, mask);
  out.match = mask === undefined ? 0 : scoped / plan.value;
  switch (terms.type) {
    case 'none':
    case 'message':
      return out;
    case 'percentage':
    case 'flash_sale':
      return discount(out, scoped, terms.percent);
    case 'coupon':
      if (terms.percent === undefined) return amountOff(world, out, plan, scoped, mask, terms);
      if (terms.minimum !== undefined) fillUp(world, out, plan, scoped, mask, terms.minimum);
      return discount(out, scoped + addedValue(world, out), terms.percent);
    case 'fixed_amount':
      return amountOff(world, out, plan, scoped, mask, terms);
    case 'free_shipping':
      return freeShipping(world, out, plan, terms.minimum);
    case 'gift':
    case 'loyalty_points': {
      const cost = terms.type === 'gift' ? world.giftCosts[at]! : Math.round(terms.points * POINT_COST);
      out.cost = out.sunk = cost;
      return out;
    }
    case 'buy_x_get_y':
      return buyAndGet(world, out, plan, mask, terms);
    case 'bundle':
      return bundle(world, out, plan, terms);
  }
}

/** Value of the units an offer makes the shopper add. */
export function addedValue(world: World, offer: Offer): number {
  return offer.extraUnits === 0 ? 0 : offer.extraUnits * world.catalogue.price[offer.extraRow]!;
}

function valueInScope(catalogue: Catalogue, plan: Plan, mask: Uint8Array | undefined): number {
  if (mask === undefined) return plan.value;
  let value = 0;
  for (let i = 0; i < plan.rows.length; i++) {
    const row = plan.rows[i]!;
    if (mask[row] === 1) value += catalogue.price[row]! * plan.units[i]!;
  }
  return value;
}

function discount(out: Offer, value: number, percent: number): Offer {
  out.saving = out.cost = Math.round((value * percent) / 100);
  out.usable = out.usable && out.saving > 0;
  return out;
}

/** Fills the basket with spare units up to a minimum, or finds that it cannot be. */
function fillUp(
  world: World,
  out: Offer,
  plan: Plan,
  value: number,
  mask: Uint8Array | undefined,
  minimum: number,
): void {
  if (value >= minimum) return;
  const row = mask === undefined || mask[plan.spare] === 1 ? plan.spare : -1;
  const units =
    row < 0 ? Number.POSITIVE_INFINITY : Math.ceil((minimum - value) / world.catalogue.price[row]!);
  if (units > MOST_EXTRA_UNITS) out.usable = false;
  else {
    out.extraUnits = units;
    out.extraRow = row;
  }
}

function amountOff(
  world: World,
  out: Offer,
  plan: Plan,
  scoped: number,
  mask: Uint8Array | undefined,
  terms: { amount?: number; minimum?: number },
): Offer {
  if (terms.minimum !== undefined) fillUp(world, out, plan, scoped, mask, terms.minimum);
  out.saving = out.cost = Math.min(terms.amount ?? 0, scoped + addedValue(world, out));
  out.usable = out.usable && out.saving > 0;
  return out;
}

function freeShipping(world: World, out: Offer, plan: Plan, minimum: number | undefined): Offer {
  if (minimum !== undefined) fillUp(world, out, plan, plan.value, undefined, minimum);
  out.saving = out.cost = out.sunk = shippingOf(plan.value + addedValue(world, out), world);
  out.usable = out.usable && out.saving > 0;
  return out;
}

/** The cheapest units in scope are the free ones, as shops have it. */
function buyAndGet(
  world: World,
  out: Offer,
  plan: Plan,
  mask: Uint8Array | undefined,
  terms: Extract<Terms, { type: 'buy_x_get_y' }>,
): Offer {
  let units = 0;
  let cheapest = -1;
  for (let i = 0; i < plan.rows.length; i++) {
    const row = plan.rows[i]!;
    if (mask !== undefined && mask[row] !== 1) continue;
    units += plan.units[i]!;
    if (cheapest < 0 || world.catalogue.price[row]! < world.catalogue.price[cheapest]!) cheapest = row;
  }
  const missing = Math.max(0, terms.buy + terms.get - units);
  out.usable = cheapest >= 0 && missing <= MOST_EXTRA_UNITS;
  if (!out.usable) return out;
  out.extraUnits = missing;
  out.extraRow = cheapest;
  return discount(out, terms.get * world.catalogue.price[cheapest]!, terms.percent);
}

/** Of use to whoever wants one of its products; the missing ones are added, one kind at most. */
function bundle(world: World, out: Offer, plan: Plan, terms: Extract<Terms, { type: 'bundle' }>): Offer {
  let value = 0;
  let present = 0;
  let missing = -1;
  for (const sku of terms.skus) {
    const row = world.catalogue.rowOf.get(sku);
    if (row === undefined) continue;
    value += world.catalogue.price[row]!;
    if (plan.rows.includes(row)) present++;
    else missing = row;
  }
  const absent = terms.skus.length - present;
  out.usable = present > 0 && absent <= 1;
  if (!out.usable) return out;
  out.extraUnits = absent;
  out.extraRow = absent === 0 ? -1 : missing;
  if (absent === 1 && missing < 0) out.usable = false;
  if (terms.percent !== undefined) return discount(out, value, terms.percent);
  out.saving = out.cost = Math.max(0, value - (terms.price ?? value));
  out.usable = out.usable && out.saving > 0;
  return out;
}
