/** Reading schedules that a shop wrote: times with a zone, wall-clock times in the schedule's zone, weekly windows. */

import { BadInput, show } from '../errors.ts';
import type { Schedule, Window } from './schedule.ts';
import { instantOf, isTimeZone, WEEKDAYS, type Weekday } from './zoned-time.ts';

const WINDOWS = 100;
const LOCAL = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?))?$/;
const CLOCK = /^([01]\d|2[0-3]):[0-5]\d$/;

/**
 * `{starts?, ends?, time_zone?, windows?: [{days?, from?, to?}]}`. A time without an offset is read on the wall clock
 * of `time_zone` (UTC where that is absent), never on that of the machine that reads it.
 * @throws BadInput naming the field
 */
export function readSchedule(given: Readonly<Record<string, unknown>>): Schedule {
  const zone = given.time_zone;
  if (zone !== undefined && (typeof zone !== 'string' || !isTimeZone(zone)))
    throw new BadInput({ field: 'schedule.time_zone' }, 'an IANA time zone', show(zone));
  const starts = given.starts === undefined ? undefined : readTime(given.starts, zone, 'schedule.starts');
  const ends = given.ends === undefined ? undefined : readTime(given.ends, zone, 'schedule.ends');
  if (starts !== undefined && ends !== undefined && ends <= starts)
    throw new BadInput({ field: 'schedule.ends' }, 'an end after the start', show(given.ends));
  return {
    ...(starts === undefined ? {} : { starts }),
    ...(ends === undefined ? {} : { ends }),
    ...(zone === undefined ? {} : { timeZone: zone }),
    ...(given.windows === undefined ? {} : { windows: readWindows(given.windows) }),
  };
}

/** ISO 8601 or epoch milliseconds, to epoch milliseconds. @throws BadInput naming the field */
export function readTime(raw: unknown, timeZone: string | undefined, field: string): number {
  const local = typeof raw === 'string' ? LOCAL.exec(raw) : null;
  const time =
    local !== null
      ? instantOf(Date.parse(`${local[1]}T${local[2] ?? '00:00'}Z`), timeZone ?? 'UTC')
      : typeof raw === 'string'
        ? Date.parse(raw)
        : raw;
  if (typeof time === 'number' && Number.isFinite(time)) return time;
  throw new BadInput({ field }, 'an ISO 8601 time or epoch milliseconds', show(raw));
}

function readWindows(raw: unknown): Window[] {
  if (Array.isArray(raw) && raw.length > 0 && raw.length <= WINDOWS)
    return raw.map((one, i) => readWindow(one, `schedule.windows[${i}]`));
  throw new BadInput({ field: 'schedule.windows' }, `a list of 1 to ${WINDOWS} windows`, show(raw));
}

/** `{days?: ['mon', ...], from?: 'HH:MM', to?: 'HH:MM'}`. @throws BadInput naming the field */
export function readWindow(raw: unknown, path: string): Window {
  const { days, from, to } = object(raw, path, ['days', 'from', 'to']);
  return {
    ...(days === undefined ? {} : { days: readDays(days, `${path}.days`) }),
    ...(from === undefined ? {} : { from: readClock(from, `${path}.from`) }),
    ...(to === undefined ? {} : { to: readClock(to, `${path}.to`) }),
  };
}

function readDays(raw: unknown, field: string): Weekday[] {
  if (Array.isArray(raw) && raw.length > 0 && raw.every((day) => WEEKDAYS.includes(day)))
    return [...new Set(raw)];
  throw new BadInput({ field }, `a list of ${WEEKDAYS.join(', ')}`, show(raw));
}

function readClock(raw: unknown, field: string): string {
  if (typeof raw === 'string' && CLOCK.test(raw)) return raw;
  throw new BadInput({ field }, 'a time HH:MM from 00:00 to 23:59', show(raw));
}

function object(raw: unknown, path: string, known: readonly string[]): Record<string, unknown> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new BadInput({ field: path }, 'a JSON object', show(raw));
  const stranger = Object.keys(raw).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new BadInput({ field: `${path}.${stranger}` }, `only ${known.join(', ')}`, show(stranger));
  return raw as Record<string, unknown>;
}
