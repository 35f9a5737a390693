/** The attributes of a product, however a feed nests them, as one flat record. */

import { BadInput, show } from './errors.ts';
import type { Attributes } from './read.ts';

type Scalar = Attributes[string];

/** Objects within objects, at most. */
const DEEPEST = 4;

const EXPECTED = 'text, a number, a boolean, a list of these, an object of these, or a list of {name, value}';

/**
 * Lists of tags or sizes become their text, {size: {eu: 42}} becomes "size eu": 42, [{name: "colour", value: "red"}]
 * becomes colour: "red"; what has no value is left out.
 * @param field where they stand in the line; empty for the line itself
 * @throws BadInput naming the field, for what has no such form and for a name that has two values
 */
export function flatAttributes(raw: unknown, field: string): Attributes {
  const out = new Map<string, Scalar>();
  const named = entriesOf(raw);
  if (named === undefined) throw new BadInput({ field }, 'an object, or a list of {name, value}', show(raw));
  for (const [name, value] of named) keep(out, name, value, field === '' ? name : `${field}.${name}`, 1);
  return Object.fromEntries(out);
}

function keep(out: Map<string, Scalar>, name: string, value: unknown, field: string, depth: number): void {
  if (value === null || value === undefined) return;
  const text = Array.isArray(value) && value.every(isScalar) ? value.join(', ') : value;
  if (isScalar(text)) {
    put(out, name, text, field);
    return;
  }
  const within = entriesOf(value);
  if (within === undefined || depth === DEEPEST)
    throw new BadInput({ field }, depth === DEEPEST ? `at most ${DEEPEST} levels` : EXPECTED, show(value));
  for (const [inner, each] of within) keep(out, `${name} ${inner}`, each, `${field}.${inner}`, depth + 1);
}

const entriesOf = (value: unknown): [string, unknown][] | undefined =>
  Array.isArray(value) ? namedValues(value) : isObject(value) ? Object.entries(value) : undefined;

function put(out: Map<string, Scalar>, name: string, value: Scalar, field: string): void {
  const before = out.get(name);
  if (before !== undefined && before !== value)
    throw new BadInput({ field }, `one value of "${name}"`, `${show(before)} and ${show(value)}`);
  out.set(name, value);
}

/** [{name: "colour", value: "red"}, ...] as entries, the values of a repeated name in one list; else undefined. */
function namedValues(list: readonly unknown[]): [string, unknown][] | undefined {
  const entries = new Map<string, unknown[]>();
  for (const one of list) {
    if (!isObject(one) || !('value' in one)) return undefined;
    const name = one.name ?? one.key;
    if (typeof name !== 'string' || Object.keys(one).length !== 2) return undefined;
    entries.set(name, [...(entries.get(name) ?? []), one.value]);
  }
  return [...entries].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isScalar = (value: unknown): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
