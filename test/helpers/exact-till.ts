/**
 * The till again, slowly and written another way, from its description in shared/promotions: every piece is an object
 * of its own, every share a fraction of BigInts, every allocation hands out one unit at a time, every order of events
 * is found by comparing whole lists. It shares types and nothing else with the engine.
 */

import type { Promotion, Terms } from '../../shared/promotion.ts';
import type { Cart, CartLine } from '../../shared/promotions/cart.ts';
import type { Uses } from '../../shared/promotions/facts.ts';
import { handOut, percentOf, plus } from './exact-numbers.ts';
import { withTax } from './exact-tax.ts';

export interface ExactTotals {
  /** By line id. */
  nets: Record<string, bigint>;
  taxes: Record<string, bigint>;
  shipping: bigint;
  shippingTax: bigint;
  total: bigint;
  /** By promotion id. */
  applied: Record<string, bigint>;
}

interface Piece {
  line: CartLine;
  counted: boolean;
}

interface State {
  lines: CartLine[];
  left: Map<string, bigint>;
  pieces: Piece[];
  shipping: bigint;
}

interface Off {
  lines: Map<string, bigint>;
  /** What `lines` is in proportion to. */
  values: ReadonlyMap<string, bigint>;
  shipping: bigint;
  counted: Piece[];
}

const TYPES_IN_ORDER = [
  'flash_sale',
  'bundle',
  'buy_x_get_y',
  'percentage',
  'coupon',
  'fixed_amount',
  'free_shipping',
  'gift',
  'loyalty_points',
  'message',
];
const GIVES_NOTHING_OFF = ['gift', 'loyalty_points', 'message'];

export function exactTill(cart: Cart, promotions: readonly Promotion[], uses: Uses): ExactTotals {
  const open = promotions.filter((promotion) => mayApply(promotion, cart, uses));
  const chosen = withoutConflicts(open, cart, uses);
  const state = freshState(cart);
  const applied = applyInOrder(chosen, state, cart, uses);
  return withTax(cart, state, applied);
}

function freshState(cart: Cart): State {
  const lines = [...cart.lines];
  return {
    lines,
    left: new Map(lines.map((line) => [line.id, BigInt(line.unitPrice) * BigInt(line.quantity)])),
    pieces: lines.flatMap((line) => Array.from({ length: line.quantity }, () => ({ line, counted: false }))),
    shipping: BigInt(cart.shipping),
  };
}

function mayApply(promotion: Promotion, cart: Cart, uses: Uses): boolean {
  const { terms, caps, id } = promotion;
  if (promotion.currency !== undefined && promotion.currency !== cart.currency) return false;
  if (caps?.perShopper !== undefined && uses.bySubject(id) >= caps.perShopper) return false;
  if (caps?.total !== undefined && uses.total(id) >= caps.total) return false;
  if (terms.type === 'message') return true;
  if (cart.lines.length === 0) return false;
  const goods = cart.lines.map((line) => BigInt(line.unitPrice) * BigInt(line.quantity)).reduce(plus, 0n);
  if ('minimum' in terms && terms.minimum !== undefined && goods < BigInt(terms.minimum)) return false;
  if (!cart.lines.some((line) => covers(promotion, line))) return false;
  const alone = offOf(promotion, freshState(cart));
  return alone !== undefined && isAllowed(promotion, alone, freshState(cart), cart, uses);
}

function covers({ scope, terms }: Promotion, line: CartLine): boolean {
  const wanted = scope ?? (terms.type === 'bundle' ? { skus: terms.skus } : {});
  const same = (a: string | undefined, b: string) => a?.toLowerCase() === b.toLowerCase();
  if (wanted.skus && wanted.skus.indexOf(line.sku) < 0) return false;
  if (wanted.brand !== undefined && !same(line.brand, wanted.brand)) return false;
  return wanted.category === undefined || (line.category ?? []).some((part) => same(part, wanted.category!));
}

/** Whether a discount may be given: it saves something, the budget holds it, and nobody gets an order for nothing. */
function isAllowed(promotion: Promotion, off: Off, state: State, cart: Cart, uses: Uses): boolean {
  const { terms, budget, costPerUse, id } = promotion;
  const amount = worth(off);
  const free = GIVES_NOTHING_OFF.includes(terms.type);
  if (amount === 0n && !free) return false;
  const cost = free ? BigInt(costPerUse ?? 0) : amount;
  if (budget !== undefined && cost > 0n && BigInt(uses.spent(id)) + cost > BigInt(budget.amount))
    return false;
  const before = [...state.left.values()].reduce(plus, 0n);
  const goods = [...off.lines.values()].reduce(plus, 0n);
  if (before === 0n || goods < before) return true;
  return saysFree(terms) && emptiesAlone(promotion, cart);
}

function saysFree(terms: Terms): boolean {
  return ('percent' in terms && terms.percent === 100) || ('price' in terms && terms.price === 0);
}

function emptiesAlone(promotion: Promotion, cart: Cart): boolean {
  const state = freshState(cart);
  const off = offOf(promotion, state);
  const whole = [...state.left.values()].reduce(plus, 0n);
  return off !== undefined && [...off.lines.values()].reduce(plus, 0n) === whole;
}

function withoutConflicts(open: Promotion[], cart: Cart, uses: Uses): Promotion[] {
  const value = (promotion: Promotion) => worth(offOf(promotion, freshState(cart))!);
  const beats = (a: Promotion, b: Promotion): boolean => {
    if (value(a) !== value(b)) return value(a) > value(b);
    if ((a.priority ?? 0) !== (b.priority ?? 0)) return (a.priority ?? 0) > (b.priority ?? 0);
    return a.id < b.id;
  };
  const left = open.filter(
    (one) =>
      one.exclusiveGroup === undefined ||
      open.every(
        (other) => other === one || other.exclusiveGroup !== one.exclusiveGroup || beats(one, other),
      ),
  );
  const messages = left.filter((one) => one.terms.type === 'message');
  const rest = left.filter((one) => one.terms.type !== 'message');
  const loners = rest.filter((one) => one.stackable === false);
  const friends = rest.filter((one) => one.stackable !== false);
  const king = loners.find((one) => loners.every((other) => other === one || beats(one, other)));
  if (king === undefined) return [...friends, ...messages];
  const together = Object.values(applyInOrder(friends, freshState(cart), cart, uses)).reduce(plus, 0n);
  return friends.length === 0 || value(king) > together ? [king, ...messages] : [...friends, ...messages];
}

function applyInOrder(
  promotions: readonly Promotion[],
  state: State,
  cart: Cart,
  uses: Uses,
): Record<string, bigint> {
  const waiting = [...promotions];
  const applied: Record<string, bigint> = {};
  while (waiting.length > 0) {
    const next = waiting.find((one) => waiting.every((other) => other === one || comesBefore(one, other)))!;
    waiting.splice(waiting.indexOf(next), 1);
    const off = offOf(next, state);
    if (off === undefined || !isAllowed(next, off, state, cart, uses)) continue;
    for (const [id, amount] of off.lines) state.left.set(id, state.left.get(id)! - amount);
    state.shipping -= off.shipping;
    for (const piece of off.counted) piece.counted = true;
    applied[next.id] = worth(off);
  }
  return applied;
}

function comesBefore(a: Promotion, b: Promotion): boolean {
  if ((a.priority ?? 0) !== (b.priority ?? 0)) return (a.priority ?? 0) > (b.priority ?? 0);
  const [x, y] = [TYPES_IN_ORDER.indexOf(a.terms.type), TYPES_IN_ORDER.indexOf(b.terms.type)];
  return x !== y ? x < y : a.id < b.id;
}

/** What a promotion takes off this state, or undefined where its pieces are not there. */
function offOf(promotion: Promotion, state: State): Off | undefined {
  const off = withoutMaximum(promotion, state);
  const most = promotion.maximumDiscount;
  if (off === undefined || most === undefined || worth(off) <= BigInt(most)) return off;
  if (off.shipping > 0n) return { ...off, shipping: BigInt(most) };
  return { ...off, lines: handOut(BigInt(most), off.values) };
}

function withoutMaximum(promotion: Promotion, state: State): Off | undefined {
  const { terms } = promotion;
  const nothing: Off = { lines: new Map(), values: new Map(), shipping: 0n, counted: [] };
  const inScope = state.lines.filter((line) => covers(promotion, line));
  const left = new Map(inScope.map((line) => [line.id, state.left.get(line.id)!]));
  const whole = [...left.values()].reduce(plus, 0n);
  const percentOff = (percent: number): Off => ({
    ...nothing,
    lines: handOut(percentOf(whole, percent), left),
    values: left,
  });
  const sumOff = (amount: number): Off => ({
    ...nothing,
    lines: handOut(BigInt(amount) < whole ? BigInt(amount) : whole, left),
    values: left,
  });
  switch (terms.type) {
    case 'percentage':
    case 'flash_sale':
      return percentOff(terms.percent);
    case 'fixed_amount':
      return sumOff(terms.amount);
    case 'coupon':
      return terms.percent !== undefined ? percentOff(terms.percent) : sumOff(terms.amount!);
    case 'free_shipping':
      return { ...nothing, shipping: state.shipping };
    case 'buy_x_get_y':
      return buyGet(terms, promotion, state);
    case 'bundle':
      return sets(terms, promotion, state);
    default:
      return nothing;
  }
}

function buyGet(
  { buy, get, percent }: Extract<Terms, { type: 'buy_x_get_y' }>,
  promotion: Promotion,
  state: State,
): Off | undefined {
  const free = state.pieces
    .filter(({ line, counted }) => !counted && covers(promotion, line) && state.left.get(line.id)! > 0n)
    .sort((a, b) => a.line.unitPrice - b.line.unitPrice || (a.line.id < b.line.id ? -1 : 1));
  let groups = 0;
  while ((groups + 1) * (buy + get) <= free.length && groups < (promotion.caps?.perOrder ?? 1e9)) groups++;
  if (groups === 0) return undefined;
  const given = free.slice(0, groups * get);
  const bought = free.slice(free.length - groups * buy);
  const values = valuesOf(given, state);
  const off = percentOf([...values.values()].reduce(plus, 0n), percent);
  return { lines: handOut(off, values), values, shipping: 0n, counted: [...given, ...bought] };
}

function sets(
  { skus, percent, price }: Extract<Terms, { type: 'bundle' }>,
  promotion: Promotion,
  state: State,
): Off | undefined {
  const stock = state.pieces
    .filter(({ line, counted }) => !counted && covers(promotion, line))
    .sort((a, b) => b.line.unitPrice - a.line.unitPrice || (a.line.id < b.line.id ? -1 : 1));
  const counted: Piece[] = [];
  let made = 0;
  while (made < (promotion.caps?.perOrder ?? 1e9)) {
    const set: Piece[] = [];
    for (const sku of skus) {
      const piece = stock.find((one) => one.line.sku === sku && !set.includes(one) && !counted.includes(one));
      if (piece !== undefined) set.push(piece);
    }
    if (set.length < skus.length) break;
    counted.push(...set);
    made++;
  }
  if (made === 0) return undefined;
  const values = valuesOf(counted, state);
  const whole = [...values.values()].reduce(plus, 0n);
  const asked = BigInt(price ?? 0) * BigInt(made);
  const off = percent !== undefined ? percentOf(whole, percent) : whole > asked ? whole - asked : 0n;
  return { lines: handOut(off, values), values, shipping: 0n, counted };
}

/** What these pieces still cost by line: the line's share, whole units. */
function valuesOf(pieces: readonly Piece[], state: State): Map<string, bigint> {
  const counts = new Map<CartLine, bigint>();
  for (const { line } of pieces) counts.set(line, (counts.get(line) ?? 0n) + 1n);
  return new Map(
    [...counts].map(([line, count]) => [line.id, (state.left.get(line.id)! * count) / BigInt(line.quantity)]),
  );
}

const worth = ({ lines, shipping }: Off): bigint => [...lines.values()].reduce(plus, shipping);
