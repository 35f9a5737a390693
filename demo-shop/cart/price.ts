/**
 * What a basket costs. Integers of the currency's minor unit throughout; no rounding but where a share of a price is
 * taken, and there half up. A line never falls below zero, and the lines always add up to the goods' total.
 */

export interface CartLine {
  sku: string;
  quantity: number;
  /** Of one unit, minor units. */
  price: number;
  /** From the root down, English names. */
  category: readonly string[];
  brand: string;
}

/** A promotion's terms, with money in minor units. */
export type OfferTerms =
  | { type: 'percentage' | 'flash_sale'; percent: number }
  | { type: 'fixed_amount'; amount: number; minimum?: number }
  | { type: 'coupon'; percent?: number; amount?: number; minimum?: number }
  | { type: 'free_shipping'; minimum?: number }
  | { type: 'buy_x_get_y'; buy: number; get: number; percent: number }
  | { type: 'bundle'; skus: readonly string[]; percent?: number; price?: number }
  | { type: 'gift'; sku?: string }
  | { type: 'loyalty_points'; points: number }
  | { type: 'message' };

export interface Offer {
  id: string;
  terms: OfferTerms;
  scope?: { category?: string; skus?: readonly string[]; brand?: string };
  /** Of one group only the offer that saves most is applied. */
  exclusiveGroup?: string;
}

export interface Delivery {
  fee: number;
  /** The shop's own rule: free from this goods total on. */
  freeFrom?: number;
}

export interface PricedLine {
  sku: string;
  quantity: number;
  before: number;
  discount: number;
  after: number;
}

export interface AppliedOffer {
  id: string;
  /** Taken off goods and delivery. */
  amount: number;
  /** Gifts, points and messages take nothing off, and are applied all the same. */
  applied: boolean;
  /** How much is missing to the minimum. */
  missing?: number;
}

export interface Totals {
  lines: PricedLine[];
  /** Goods before any offer. */
  subtotal: number;
  /** Goods after offers: the sum of the lines' `after`. */
  goods: number;
  delivery: number;
  total: number;
  offers: AppliedOffer[];
  gifts: string[];
  points: number;
}

/** Prices a basket. Offers that share a group compete; the rest add up, each on what the ones before left. */
export function totals(cart: readonly CartLine[], offers: readonly Offer[], delivery: Delivery): Totals {
  const lines = cart.map(({ sku, quantity, price }) => {
    const before = Math.max(0, price) * Math.max(0, quantity);
    return { sku, quantity, before, discount: 0, after: before };
  });
  const subtotal = sum(lines.map((line) => line.before));
  const losing = losers(cart, lines, offers);
  const out: Totals = { lines, subtotal, goods: 0, delivery: 0, total: 0, offers: [], gifts: [], points: 0 };
  let freeDelivery = false;
  for (const offer of offers) {
    const missing = missingTo(offer, subtotal);
    if (cart.length === 0 || losing.has(offer) || missing > 0) {
      out.offers.push({ id: offer.id, amount: 0, applied: false, ...(missing > 0 ? { missing } : {}) });
      continue;
    }
    const shares = discounts(offer, cart, lines);
    shares.forEach((share, i) => {
      lines[i]!.discount += share;
      lines[i]!.after -= share;
    });
    const { terms } = offer;
    if (terms.type === 'gift' && terms.sku !== undefined) out.gifts.push(terms.sku);
    if (terms.type === 'loyalty_points') out.points += terms.points;
    if (terms.type === 'free_shipping') freeDelivery = true;
    const amount = sum(shares);
    out.offers.push({ id: offer.id, amount, applied: amount > 0 || !takesOffGoods(terms) });
  }
  out.goods = sum(lines.map((line) => line.after));
  return withDelivery(out, cart, delivery, freeDelivery, offers);
}

function withDelivery(
  out: Totals,
  cart: readonly CartLine[],
  delivery: Delivery,
  free: boolean,
  offers: readonly Offer[],
): Totals {
  const due =
    cart.length === 0 || out.goods >= (delivery.freeFrom ?? Number.POSITIVE_INFINITY) ? 0 : delivery.fee;
  out.delivery = free ? 0 : due;
  out.total = out.goods + out.delivery;
  const shipping = offers.find((offer) => offer.terms.type === 'free_shipping')?.id;
  const entry = out.offers.find((offer) => offer.id === shipping);
  if (free && entry !== undefined) entry.amount = due;
  return out;
}

const takesOffGoods = ({ type }: OfferTerms): boolean =>
  !['gift', 'loyalty_points', 'message', 'free_shipping'].includes(type);

function missingTo({ terms }: Offer, subtotal: number): number {
  return 'minimum' in terms && terms.minimum !== undefined ? Math.max(0, terms.minimum - subtotal) : 0;
}

/** Of every exclusive group, all offers but the one that saves most on its own. */
function losers(
  cart: readonly CartLine[],
  lines: readonly PricedLine[],
  offers: readonly Offer[],
): Set<Offer> {
  const best = new Map<string, { offer: Offer; saving: number }>();
  const out = new Set<Offer>();
  const subtotal = sum(lines.map((line) => line.before));
  for (const offer of offers) {
    if (offer.exclusiveGroup === undefined) continue;
    const saving = missingTo(offer, subtotal) > 0 ? -1 : sum(discounts(offer, cart, lines));
    const held = best.get(offer.exclusiveGroup);
    if (held !== undefined && held.saving >= saving) out.add(offer);
    else {
      if (held !== undefined) out.add(held.offer);
      best.set(offer.exclusiveGroup, { offer, saving });
    }
  }
  return out;
}

/** What one offer takes off each line, never more than the line still costs. */
function discounts(offer: Offer, cart: readonly CartLine[], lines: readonly PricedLine[]): number[] {
  const { terms } = offer;
  const open = lines.map((line, i) => (inScope(cart[i]!, offer.scope) ? line.after : 0));
  switch (terms.type) {
    case 'percentage':
    case 'flash_sale':
      return open.map((amount) => share(amount, terms.percent));
    case 'fixed_amount':
      return spread(terms.amount, open);
    case 'coupon':
      return terms.percent !== undefined
        ? open.map((amount) => share(amount, terms.percent!))
        : spread(terms.amount ?? 0, open);
    case 'buy_x_get_y':
      return freeUnits(terms, cart, open);
    case 'bundle':
      return bundled(terms, cart, open);
    default:
      return lines.map(() => 0);
  }
}

/** A category matches any segment of a product's path, whatever the case. */
export function inScope(
  product: Pick<CartLine, 'sku' | 'category' | 'brand'>,
  scope: Offer['scope'],
): boolean {
  if (scope === undefined) return true;
  const category = scope.category?.toLowerCase();
  if (category !== undefined && !product.category.some((part) => part.toLowerCase() === category))
    return false;
  if (scope.skus !== undefined && !scope.skus.includes(product.sku)) return false;
  return scope.brand === undefined || scope.brand === product.brand;
}

const share = (amount: number, percent: number): number =>
  Math.min(amount, Math.max(0, Math.floor((amount * percent + 50) / 100)));

/** An amount over lines in proportion, the odd cents to the largest remainders: it adds up to the cent. */
export function spread(amount: number, open: readonly number[]): number[] {
  const whole = sum(open);
  const due = Math.min(Math.max(0, amount), whole);
  if (due === 0) return open.map(() => 0);
  const parts = open.map((value) => Math.floor((due * value) / whole));
  const order = open.map((_, i) => i).sort((a, b) => ((due * open[b]!) % whole) - ((due * open[a]!) % whole));
  let left = due - sum(parts);
  for (const i of order) {
    if (left === 0) break;
    parts[i]!++;
    left--;
  }
  return parts;
}

/** Of every `buy + get` units in scope the `get` least expensive are reduced. */
function freeUnits(
  { buy, get, percent }: { buy: number; get: number; percent: number },
  cart: readonly CartLine[],
  open: readonly number[],
): number[] {
  const units = cart
    .flatMap((line, i) => (open[i]! > 0 ? Array.from({ length: line.quantity }, () => i) : []))
    .sort((a, b) => cart[a]!.price - cart[b]!.price);
  const free = Math.floor(units.length / (buy + get)) * get;
  const out = cart.map(() => 0);
  for (const i of units.slice(0, free)) {
    const unit = share(Math.floor(open[i]! / cart[i]!.quantity), percent);
    out[i] = Math.min(open[i]!, out[i]! + unit);
  }
  return out;
}

/** As many whole sets as the basket holds. */
function bundled(
  { skus, percent, price }: { skus: readonly string[]; percent?: number; price?: number },
  cart: readonly CartLine[],
  open: readonly number[],
): number[] {
  const at = skus.map((sku) => cart.findIndex((line, i) => line.sku === sku && open[i]! > 0));
  if (at.includes(-1)) return cart.map(() => 0);
  const sets = Math.min(...at.map((i) => cart[i]!.quantity));
  const units = cart.map((line, i) => (at.includes(i) ? Math.floor(open[i]! / line.quantity) * sets : 0));
  if (percent !== undefined) return units.map((amount) => share(amount, percent));
  return spread(sum(units) - (price ?? 0) * sets, units);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
