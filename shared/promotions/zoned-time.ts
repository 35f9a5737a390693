/** Wall-clock time in IANA time zones, by the host's own zone data: a schedule says "Friday 18:00 in Berlin". */

const WEEKDAY_NAMES = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAY_NAMES)[number];
export const WEEKDAYS: readonly Weekday[] = WEEKDAY_NAMES;

export interface WallClock {
  /** Index into WEEKDAYS. */
  weekday: number;
  /** Since midnight, 0 to 1439. */
  minute: number;
}

const MINUTE_MS = 60_000;

/** The last minute looked at, by zone: two hundred schedules ask for the same one. */
const lastSeen = new Map<string, { at: number; clock: WallClock }>();

/** What a clock on the wall shows. @param now epoch milliseconds @throws RangeError for a zone nobody knows */
export function wallClock(now: number, timeZone: string): WallClock {
  const at = Math.floor(now / MINUTE_MS);
  const seen = lastSeen.get(timeZone);
  if (seen?.at === at) return seen.clock;
  const { weekday, hour, minute } = timeOf(now, timeZone);
  const clock = { weekday: WEEKDAYS.indexOf(weekday.toLowerCase() as Weekday), minute: 60 * +hour + +minute };
  lastSeen.set(timeZone, { at, clock });
  return clock;
}

/**
 * The instant at which a wall clock shows a date and time, epoch milliseconds. A time that a spring change skips is
 * read with the offset before it (an hour later on the clock); one that an autumn change repeats is its first.
 * Source: the "compatible" disambiguation of ECMAScript's Temporal.
 * @param local the date and time as if it were UTC, epoch milliseconds
 */
export function instantOf(local: number, timeZone: string): number {
  const before = offsetAt(local - 86_400_000, timeZone);
  const after = offsetAt(local + 86_400_000, timeZone);
  for (const offset of [before, after]) {
    const instant = local - offset;
    if (offsetAt(instant, timeZone) === offset) return instant;
  }
  return local - before;
}

/** Whether the host knows a time zone of this name. */
export function isTimeZone(name: string): boolean {
  try {
    timeOf(0, name);
    return true;
  } catch {
    return false;
  }
}

/** Milliseconds to add to UTC to get the zone's wall clock. */
function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, hour, minute, second } = dateOf(instant, timeZone);
  const shown = Date.UTC(+year, +month - 1, +day, +hour, +minute, +second);
  return shown - Math.floor(instant / 1000) * 1000;
}

type Part = 'weekday' | 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** Reads off the named parts of a date and time in a zone. */
function reading<P extends Part>(...parts: P[]): (instant: number, timeZone: string) => Record<P, string> {
  const options = Object.fromEntries(parts.map((part) => [part, part === 'weekday' ? 'short' : 'numeric']));
  /** Building a formatter takes longer than hundreds of uses of it. */
  const formatters = new Map<string, Intl.DateTimeFormat>();
  return (instant, timeZone) => {
    let formatter = formatters.get(timeZone);
    if (formatter === undefined) {
      const gregorian = { calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23' } as const;
      formatter = new Intl.DateTimeFormat('en-US', { timeZone, ...gregorian, ...options });
      formatters.set(timeZone, formatter);
    }
    const shown = formatter.formatToParts(instant).map(({ type, value }) => [type, value]);
    return Object.fromEntries(shown) as Record<P, string>;
  };
}

const timeOf = /* @__PURE__ */ reading('weekday', 'hour', 'minute');
const dateOf = /* @__PURE__ */ reading('year', 'month', 'day', 'hour', 'minute', 'second');
