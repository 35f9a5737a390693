/**
 * Who may have a promotion: an expression over the shopper, the cart and the moment, evaluated alike on the device, on
 * the server and on the command line.
 *
 * Logic is three-valued (Kleene): a condition on something unknown is neither met nor failed, `not` leaves it unknown,
 * and what ends up unknown is not eligible. A negation can therefore not be passed by withholding an attribute.
 */

import type { Minor } from '../money.ts';
import { type Cart, type CartLine, goodsOf } from './cart.ts';
import type { Facts } from './facts.ts';
import { isOpen, type Window } from './schedule.ts';

export const ELIGIBILITY_VERSION = 1;

type Scalar = string | number | boolean;

/** All that are present must hold. */
export interface NumberComparison {
  is?: number;
  below?: number;
  at_most?: number;
  above?: number;
  at_least?: number;
}

export type Condition =
  /** Values are compared as text for `is`, `not` and `in`, since attributes of a category may be numbers. */
  | ({ attribute: string; is?: Scalar; not?: Scalar; in?: readonly Scalar[] } & Omit<NumberComparison, 'is'>)
  /** Value of the goods before promotions in minor units, pieces, or different lines. */
  | ({ cart: 'total' | 'units' | 'lines' } & NumberComparison)
  /** Pieces in the cart; at least one where nothing is compared. */
  | ({ product: string } & NumberComparison)
  | ({ category: string } & NumberComparison)
  | ({ brand: string } & NumberComparison)
  | { time: Window & { zone?: string } }
  | { segment: string }
  /** A BCP 47 prefix: "zh" holds for "zh-Hant-TW". */
  | { locale: string };

export type Expression =
  | Condition
  | { all: readonly Expression[] }
  | { any: readonly Expression[] }
  | { not: Expression };

export type Eligibility = { version: typeof ELIGIBILITY_VERSION } & Expression;

/** One condition that kept the promotion away. */
export interface Failure {
  code:
    | 'attribute'
    | 'attribute-unknown'
    | 'cart-total'
    | 'cart-units'
    | 'cart-lines'
    | 'product'
    | 'category'
    | 'brand'
    | 'time'
    | 'time-unknown'
    | 'segment'
    | 'segment-unknown'
    | 'locale'
    | 'locale-unknown'
    /** A condition under `not` was met. */
    | 'excluded';
  /** `name`, what it `needs`, what it `has`, and for amounts what is `missing`. */
  detail: Record<string, Scalar>;
}

export type Verdict = { eligible: true } | { eligible: false; failed: Failure[] };

type Truth = boolean | undefined;
type Goods = Pick<Cart, 'lines'>;

/** Whether an expression holds, and if not, every condition that stands in its way. */
export function eligible(expression: Expression | undefined, facts: Facts, cart: Goods): Verdict {
  if (expression === undefined) return { eligible: true };
  const failed: Failure[] = [];
  return judge(expression, facts, cart, failed) === true ? { eligible: true } : { eligible: false, failed };
}

function judge(expression: Expression, facts: Facts, cart: Goods, failed: Failure[]): Truth {
  if ('all' in expression) return allOf(expression.all, facts, cart, failed);
  if ('any' in expression) return anyOf(expression.any, facts, cart, failed);
  // An attribute's comparison may be called `not`, too.
  if ('not' in expression && !('attribute' in expression)) {
    const inner: Failure[] = [];
    const truth = judge(expression.not, facts, cart, inner);
    if (truth === true) failed.push({ code: 'excluded', detail: { by: summary(expression.not) } });
    if (truth === undefined) failed.push(...inner.filter(({ code }) => code.endsWith('-unknown')));
    return truth === undefined ? undefined : !truth;
  }
  const failure = check(expression as Condition, facts, cart);
  if (failure === undefined) return true;
  failed.push(failure);
  return failure.code.endsWith('-unknown') ? undefined : false;
}

function allOf(parts: readonly Expression[], facts: Facts, cart: Goods, failed: Failure[]): Truth {
  let truth: Truth = true;
  for (const part of parts) {
    const one = judge(part, facts, cart, failed);
    if (one === false) truth = false;
    else if (one === undefined && truth === true) truth = undefined;
  }
  return truth;
}

function anyOf(parts: readonly Expression[], facts: Facts, cart: Goods, failed: Failure[]): Truth {
  const inner: Failure[] = [];
  let truth: Truth = false;
  for (const part of parts) {
    const one = judge(part, facts, cart, inner);
    if (one === true) return true;
    if (one === undefined) truth = undefined;
  }
  failed.push(...inner);
  return truth;
}

function check(condition: Condition, facts: Facts, cart: Goods): Failure | undefined {
  if ('attribute' in condition) return attribute(condition, facts.attributes);
  if ('cart' in condition)
    return counted(`cart-${condition.cart}`, condition, cartFigure(condition.cart, cart));
  if ('product' in condition) return pieces('product', condition.product, condition, cart);
  if ('category' in condition) return pieces('category', condition.category, condition, cart);
  if ('brand' in condition) return pieces('brand', condition.brand, condition, cart);
  if ('time' in condition) return time(condition.time, facts);
  if ('segment' in condition) {
    const { segment } = condition;
    if (facts.segments === undefined) return { code: 'segment-unknown', detail: { needs: segment } };
    return facts.segments.includes(segment) ? undefined : { code: 'segment', detail: { needs: segment } };
  }
  return locale(condition.locale, facts.locale);
}

function attribute(
  condition: Extract<Condition, { attribute: string }>,
  attributes: Facts['attributes'],
): Failure | undefined {
  const { attribute: name, is, not, in: among, ...numbers } = condition;
  const known = attributes !== undefined && Object.hasOwn(attributes, name);
  if (!known) return { code: 'attribute-unknown', detail: { name } };
  const has = attributes[name]!;
  const text = String(has);
  const refused: Record<string, Scalar> = {};
  if (is !== undefined && String(is) !== text) refused.needs = is;
  if (not !== undefined && String(not) === text) refused.needs = `not ${not}`;
  if (among !== undefined && !among.some((one) => String(one) === text))
    refused.needs = `one of ${among.join(', ')}`;
  if (refused.needs !== undefined) return { code: 'attribute', detail: { name, has, ...refused } };
  // "" and true are numbers to JavaScript, and to no shop.
  const number = typeof has === 'boolean' || has === '' ? Number.NaN : Number(has);
  const broken = whichBroken(numbers, number);
  return broken === undefined ? undefined : { code: 'attribute', detail: { name, has, ...broken } };
}

function pieces(
  code: 'product' | 'category' | 'brand',
  name: string,
  condition: NumberComparison,
  cart: Goods,
): Failure | undefined {
  const matches = MATCHES[code];
  const wanted = code === 'product' ? name : name.toLowerCase();
  const has = cart.lines.reduce((sum, line) => (matches(line, wanted) ? sum + line.quantity : sum), 0);
  const { is, below, at_most, above, at_least } = condition;
  const compares = (is ?? below ?? at_most ?? above ?? at_least) !== undefined;
  const failure = counted(code, compares ? condition : { at_least: 1 }, has);
  return failure === undefined ? undefined : { code, detail: { name, ...failure.detail } };
}

const MATCHES: Record<'product' | 'category' | 'brand', (line: CartLine, wanted: string) => boolean> = {
  product: (line, wanted) => line.sku === wanted,
  category: (line, wanted) => line.category?.some((part) => part.toLowerCase() === wanted) === true,
  brand: (line, wanted) => line.brand?.toLowerCase() === wanted,
};

function cartFigure(what: 'total' | 'units' | 'lines', cart: Goods): number | Minor {
  if (what === 'total') return goodsOf(cart);
  return what === 'lines' ? cart.lines.length : cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

function counted(code: Failure['code'], comparison: NumberComparison, has: number): Failure | undefined {
  const broken = whichBroken(comparison, has);
  return broken === undefined ? undefined : { code, detail: { has, ...broken } };
}

/** The first comparison that does not hold. NaN breaks every one. */
function whichBroken(comparison: NumberComparison, has: number): Record<string, Scalar> | undefined {
  const { is, below, at_most, above, at_least } = comparison;
  if (at_least !== undefined && !(has >= at_least))
    return { needs: at_least, ...(has < at_least ? { missing: at_least - has } : {}) };
  if (above !== undefined && !(has > above)) return { needs: `above ${above}` };
  if (below !== undefined && !(has < below)) return { needs: `below ${below}` };
  if (at_most !== undefined && !(has <= at_most)) return { needs: `at most ${at_most}` };
  if (is !== undefined && has !== is) return { needs: is };
  return undefined;
}

function time({ zone, ...hours }: Window & { zone?: string }, facts: Facts): Failure | undefined {
  const needs = [hours.days?.join(' '), hours.from, hours.to].filter((part) => part !== undefined).join(' ');
  if (facts.now === undefined) return { code: 'time-unknown', detail: { needs } };
  if (isOpen(hours, facts.now, zone ?? facts.timeZone ?? 'UTC')) return undefined;
  return { code: 'time', detail: { needs } };
}

function locale(needs: string, has: string | undefined): Failure | undefined {
  if (has === undefined) return { code: 'locale-unknown', detail: { needs } };
  const wanted = needs.toLowerCase();
  const spoken = has.toLowerCase().replaceAll('_', '-');
  if (spoken === wanted || spoken.startsWith(`${wanted}-`)) return undefined;
  return { code: 'locale', detail: { needs, has } };
}

/** A condition in a few words, for a reason. */
function summary(expression: Expression): string {
  const text = JSON.stringify(expression);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}

/** Every attribute that an expression asks about: what a shop declared sensitive must not be among them. */
export function attributesIn(expression: Expression): string[] {
  if ('all' in expression) return expression.all.flatMap(attributesIn);
  if ('any' in expression) return expression.any.flatMap(attributesIn);
  if ('attribute' in expression) return [expression.attribute];
  return 'not' in expression ? attributesIn(expression.not) : [];
}

/** Whether an expression compares the cart's total, which is in one currency. */
export function asksForTotal(expression: Expression): boolean {
  if ('all' in expression) return expression.all.some(asksForTotal);
  if ('any' in expression) return expression.any.some(asksForTotal);
  if ('not' in expression && !('attribute' in expression)) return asksForTotal(expression.not);
  return 'cart' in expression && expression.cart === 'total';
}
