/** Reading values that someone else wrote, with errors that name the field. */

import * as v from 'valibot';
import { BadInput, show } from './errors.ts';

/** Parses `raw` by `schema`; the first problem becomes a BadInput with field, expected and found. */
export function read<S extends v.GenericSchema>(schema: S, raw: unknown): v.InferOutput<S> {
  const result = v.safeParse(schema, raw, { abortEarly: true });
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue) ?? undefined;
  const missing = issue.input === undefined;
  const stated = issue.type === 'check' || issue.expected === null ? issue.message : readable(issue.expected);
  throw new BadInput(
    field === undefined ? {} : { field },
    // For a missing key, valibot's `expected` only repeats the key.
    missing && issue.type === 'object' ? 'a value' : stated,
    missing ? 'nothing' : show(issue.input),
  );
}

/** Scalars that a shop may attach to anything. */
export type Attributes = Record<string, string | number | boolean>;

export const attributesSchema = v.record(v.string(), v.union([v.string(), v.number(), v.boolean()]));

/** A time of day without a zone is UTC: one file must mean the same wherever it is read. */
const ZONELESS = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d[\d:.]*)$/;

function epochOf(time: number | string): number {
  if (typeof time === 'number') return time;
  // Epoch milliseconds in quotes, as exports of 64-bit columns have them.
  return /^\d{10,}$/.test(time) ? Number(time) : Date.parse(time.replace(ZONELESS, '$1T$2Z'));
}

/** ISO 8601 text or epoch milliseconds, to epoch milliseconds. */
export const timeSchema = v.pipe(
  v.union([v.number(), v.string()]),
  // Checked before it is turned into a number: the error shows what stood there.
  v.check((time) => Number.isFinite(epochOf(time)), 'an ISO 8601 time or epoch milliseconds'),
  v.transform(epochOf),
);

/** Splits off the keys a schema does not know; scalars are kept as attributes, the rest is a BadInput. */
export function withAttributes(
  raw: unknown,
  known: ReadonlySet<string>,
  alias: Readonly<Record<string, string>> = {},
): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new BadInput({}, 'a JSON object', show(raw));
  }
  const out: Record<string, unknown> = {};
  let extra: Attributes | undefined;
  for (const key of Object.keys(raw)) {
    const value = (raw as Record<string, unknown>)[key];
    const name = alias[key] ?? key;
    if (value === null || value === undefined) continue;
    if (known.has(name)) out[name] = value;
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      extra ??= {};
      extra[key] = value;
    } else
      throw new BadInput(
        { field: key },
        'a known field, or text, number or boolean to keep as attribute',
        show(value),
      );
  }
  if (extra !== undefined) out.attributes = { ...extra, ...(out.attributes as object | undefined) };
  return out;
}

function readable(expected: string): string {
  return expected.replaceAll('"', "'").replace(/^\((.*)\)$/, 'one of $1');
}
