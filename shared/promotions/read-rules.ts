/** Reading the rules of a promotion: schedule, eligibility, caps, budget, frequency, placements. */

import * as v from 'valibot';
import { BadInput, show } from '../errors.ts';
import { toMinor } from '../money.ts';
import type { Promotion } from '../promotion.ts';
import { read } from '../read.ts';
import { readEligibility } from './read-eligibility.ts';
import { readSchedule } from './read-schedule.ts';

type Rules = Pick<
  Promotion,
  'schedule' | 'eligibility' | 'caps' | 'budget' | 'frequency' | 'placements' | 'unread'
>;

const count = v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)));
const least1 = v.pipe(v.number(), v.integer(), v.minValue(1));

const capsSchema = v.object({ per_shopper: count, total: count, per_order: v.optional(least1) });
const frequencySchema = v.object({
  exposures: least1,
  days: v.pipe(v.number(), v.gtValue(0), v.maxValue(3650)),
});
const placementsSchema = v.pipe(v.array(v.pipe(v.string(), v.nonEmpty())), v.minLength(1));

/**
 * The rules of a raw promotion. A form that this version does not know (eligibility without a version, a cap of
 * another name) is kept under `unread`, and the till refuses what it cannot check; a form that it knows with a wrong
 * value is refused here.
 * @throws BadInput naming the field
 */
export function readRules(raw: Readonly<Record<string, unknown>>, currency: string): Rules {
  const unread: Record<string, unknown> = {};
  const rules: Rules = {};
  if (isThere(raw.schedule)) {
    const known = setApart(raw.schedule, 'schedule', ['starts', 'ends', 'time_zone', 'windows'], unread);
    rules.schedule = readSchedule(known);
  }
  if (isThere(raw.eligibility)) {
    if (isRecord(raw.eligibility) && 'version' in raw.eligibility)
      rules.eligibility = readEligibility(raw.eligibility, currency);
    else unread.eligibility = raw.eligibility;
  }
  if (isThere(raw.caps)) {
    const known = setApart(raw.caps, 'caps', Object.keys(capsSchema.entries), unread);
    const { per_shopper, total, per_order } = within('caps', () => read(capsSchema, known));
    rules.caps = {
      ...(per_shopper === undefined ? {} : { perShopper: per_shopper }),
      ...(total === undefined ? {} : { total }),
      ...(per_order === undefined ? {} : { perOrder: per_order }),
    };
  }
  if (isThere(raw.budget)) {
    const budget = readBudget(raw.budget, currency, unread);
    if (budget !== undefined) rules.budget = budget;
  }
  if (isThere(raw.frequency))
    rules.frequency = within('frequency', () => read(frequencySchema, raw.frequency));
  if (isThere(raw.placements))
    rules.placements = within('placements', () => read(placementsSchema, raw.placements));
  return Object.keys(unread).length === 0 ? rules : { ...rules, unread };
}

/** An amount in major units, or `{amount}`. */
function readBudget(raw: unknown, currency: string, unread: Record<string, unknown>): Rules['budget'] {
  const given = typeof raw === 'number' ? { amount: raw } : setApart(raw, 'budget', ['amount'], unread);
  if (given.amount === undefined) return undefined;
  if (typeof given.amount !== 'number' || given.amount < 0)
    throw new BadInput({ field: 'budget.amount' }, 'an amount of at least 0', show(given.amount));
  return { amount: toMinor(given.amount, currency, 'budget.amount') };
}

/** The known fields of a rule; the others go to `unread`. A rule that is no object goes there whole. */
function setApart(
  raw: unknown,
  rule: string,
  known: readonly string[],
  unread: Record<string, unknown>,
): Record<string, unknown> {
  if (!isRecord(raw)) {
    unread[rule] = raw;
    return {};
  }
  const entries = Object.entries(raw).filter(([, value]) => isThere(value));
  const strange = entries.filter(([key]) => !known.includes(key));
  if (strange.length > 0) unread[rule] = Object.fromEntries(strange);
  return Object.fromEntries(entries.filter(([key]) => known.includes(key)));
}

function within<T>(rule: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(
      { field: `${rule}.${error.place.field ?? ''}` },
      error.expected,
      error.found,
      error.fix,
    );
  }
}

const isThere = (value: unknown): boolean => value !== undefined && value !== null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
