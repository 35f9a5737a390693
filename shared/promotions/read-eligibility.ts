/** Reading eligibility expressions that a shop wrote: every keyword known, depth and size bounded. */

import { BadInput, show } from '../errors.ts';
import { toMinor } from '../money.ts';
import { type Condition, ELIGIBILITY_VERSION, type Eligibility, type Expression } from './eligibility.ts';
import { readWindow } from './read-schedule.ts';
import { isTimeZone } from './zoned-time.ts';

/** An expression is evaluated on shoppers' devices, for each promotion and decision. */
export const ELIGIBILITY_LIMITS = {
  /** Of nested all, any and not. */
  depth: 8,
  /** Of conditions and combinations together. */
  nodes: 128,
  /** Values of one `in`. */
  values: 256,
  /** Characters of a name or value. */
  text: 200,
} as const;

const COMPARISONS = ['is', 'below', 'at_most', 'above', 'at_least'] as const;

const KEYWORDS = [
  'all',
  'any',
  'attribute',
  'cart',
  'product',
  'category',
  'brand',
  'time',
  'segment',
  'locale',
  'not',
];

interface Reader {
  currency: string;
  nodes: number;
}

/**
 * `{version: 1, ...expression}`; amounts of `cart: total` in major units.
 * @throws BadInput naming the path to what is wrong
 */
export function readEligibility(raw: unknown, currency: string): Eligibility {
  const { version, ...expression } = record(raw, 'eligibility');
  if (version !== ELIGIBILITY_VERSION)
    throw new BadInput({ field: 'eligibility.version' }, `${ELIGIBILITY_VERSION}`, show(version ?? null));
  return { version, ...readExpression(expression, 'eligibility', 1, { currency, nodes: 0 }) };
}

function readExpression(raw: unknown, path: string, depth: number, reader: Reader): Expression {
  const object = record(raw, path);
  reader.nodes++;
  if (depth > ELIGIBILITY_LIMITS.depth)
    throw new BadInput({ field: path }, `at most ${ELIGIBILITY_LIMITS.depth} levels`, 'a deeper expression');
  if (reader.nodes > ELIGIBILITY_LIMITS.nodes)
    throw new BadInput({ field: path }, `at most ${ELIGIBILITY_LIMITS.nodes} conditions`, 'more');
  const keyword = KEYWORDS.find((one) => Object.hasOwn(object, one));
  if (keyword === undefined)
    throw new BadInput({ field: path }, `one of ${KEYWORDS.join(', ')}`, show(Object.keys(object)));
  const at = `${path}.${keyword}`;
  if (keyword === 'all' || keyword === 'any') {
    only(object, [keyword], path);
    const parts = list(object[keyword], at, ELIGIBILITY_LIMITS.nodes);
    const read = parts.map((part, i) => readExpression(part, `${at}[${i}]`, depth + 1, reader));
    return keyword === 'all' ? { all: read } : { any: read };
  }
  if (keyword === 'not') {
    only(object, ['not'], path);
    return { not: readExpression(object.not, at, depth + 1, reader) };
  }
  return CONDITIONS[keyword as keyof typeof CONDITIONS](object, path, reader);
}

type ConditionReader = (raw: Record<string, unknown>, path: string, reader: Reader) => Condition;

const CONDITIONS: Record<
  'attribute' | 'cart' | 'product' | 'category' | 'brand' | 'time' | 'segment' | 'locale',
  ConditionReader
> = {
  attribute(raw, path) {
    only(raw, ['attribute', 'is', 'not', 'in', 'below', 'at_most', 'above', 'at_least'], path);
    const { is, not, in: among } = raw;
    const out = {
      attribute: text(raw.attribute, `${path}.attribute`),
      ...(is === undefined ? {} : { is: scalar(is, `${path}.is`) }),
      ...(not === undefined ? {} : { not: scalar(not, `${path}.not`) }),
      ...(among === undefined
        ? {}
        : {
            in: list(among, `${path}.in`, ELIGIBILITY_LIMITS.values).map((one, i) =>
              scalar(one, `${path}.in[${i}]`),
            ),
          }),
      ...numbers({ ...raw, is: undefined }, path),
    };
    if (Object.keys(out).length === 1)
      throw new BadInput(
        { field: path },
        'a comparison: is, not, in, below, at_most, above or at_least',
        'none',
      );
    return out as Condition;
  },
  cart(raw, path, { currency }) {
    only(raw, ['cart', ...COMPARISONS], path);
    const what = raw.cart;
    if (what !== 'total' && what !== 'units' && what !== 'lines')
      throw new BadInput({ field: `${path}.cart` }, "'total', 'units' or 'lines'", show(what));
    const compared = numbers(raw, path);
    if (Object.keys(compared).length === 0)
      throw new BadInput({ field: path }, `a comparison: ${COMPARISONS.join(', ')}`, 'none');
    if (what === 'total')
      for (const key of COMPARISONS)
        if (compared[key] !== undefined) compared[key] = toMinor(compared[key], currency, `${path}.${key}`);
    return { cart: what, ...compared };
  },
  product: (raw, path) => ({ product: named(raw, 'product', path), ...numbers(raw, path) }),
  category: (raw, path) => ({ category: named(raw, 'category', path), ...numbers(raw, path) }),
  brand: (raw, path) => ({ brand: named(raw, 'brand', path), ...numbers(raw, path) }),
  time(raw, path) {
    only(raw, ['time'], path);
    const { zone, ...hours } = record(raw.time, `${path}.time`);
    if (zone !== undefined && (typeof zone !== 'string' || !isTimeZone(zone)))
      throw new BadInput({ field: `${path}.time.zone` }, 'an IANA time zone', show(zone));
    return { time: { ...readWindow(hours, `${path}.time`), ...(zone === undefined ? {} : { zone }) } };
  },
  segment(raw, path) {
    only(raw, ['segment'], path);
    return { segment: text(raw.segment, `${path}.segment`) };
  },
  locale(raw, path) {
    only(raw, ['locale'], path);
    return { locale: text(raw.locale, `${path}.locale`) };
  },
};

function named(raw: Record<string, unknown>, keyword: string, path: string): string {
  only(raw, [keyword, ...COMPARISONS], path);
  return text(raw[keyword], `${path}.${keyword}`);
}

function numbers(
  raw: Record<string, unknown>,
  path: string,
): Partial<Record<(typeof COMPARISONS)[number], number>> {
  const out: Partial<Record<(typeof COMPARISONS)[number], number>> = {};
  for (const key of COMPARISONS) {
    const value = raw[key];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value))
      throw new BadInput({ field: `${path}.${key}` }, 'a number', show(value));
    out[key] = value;
  }
  return out;
}

function scalar(value: unknown, path: string): string | number | boolean {
  if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) return value;
  if (typeof value === 'string' && value.length <= ELIGIBILITY_LIMITS.text) return value;
  throw new BadInput(
    { field: path },
    `text of at most ${ELIGIBILITY_LIMITS.text} characters, a number or a boolean`,
    show(value),
  );
}

function text(value: unknown, path: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= ELIGIBILITY_LIMITS.text) return value;
  throw new BadInput({ field: path }, `text of 1 to ${ELIGIBILITY_LIMITS.text} characters`, show(value));
}

function list(value: unknown, path: string, most: number): unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= most) return value;
  throw new BadInput({ field: path }, `a list of 1 to ${most}`, show(value));
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new BadInput({ field: path }, 'a JSON object', show(value));
}

/** A misspelt keyword would otherwise quietly let everyone in. */
function only(raw: Record<string, unknown>, known: readonly string[], path: string): void {
  const stranger = Object.keys(raw).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new BadInput({ field: `${path}.${stranger}` }, `only ${known.join(', ')}`, show(stranger));
}
