/** When a promotion may run. */

import type { Promotion } from '../promotion.ts';
import { WEEKDAYS, type Weekday, wallClock } from './zoned-time.ts';

/** Hours of the week. */
export interface Window {
  /** Every day where absent. A window that passes midnight belongs to the day it starts on. */
  days?: readonly Weekday[];
  /** `HH:MM` on the wall clock, inclusive; midnight where absent. */
  from?: string;
  /** `HH:MM`, exclusive; the day's end where absent. At or before `from` it is the next day's. */
  to?: string;
}

export interface Schedule {
  /** Epoch milliseconds, inclusive. */
  starts?: number;
  /** Epoch milliseconds, exclusive. */
  ends?: number;
  /** IANA name; the shop's own zone where absent, else UTC. */
  timeZone?: string;
  /** Any one of them must be open. */
  windows?: readonly Window[];
}

type Scheduled = Pick<Promotion, 'schedule' | 'terms'>;

/**
 * Whether a promotion runs at a time: its schedule's start is inclusive, its end (and a flash sale's) exclusive, and
 * one of its weekly windows is open. Without a time, schedules cannot be checked and everything runs: a log without
 * times still decides.
 */
export function runsAt(promotion: Scheduled, now: number | undefined, shopZone?: string): boolean {
  return now === undefined || whyNotAt(promotion, now, shopZone) === undefined;
}

/** What keeps a promotion from running at a time; undefined where nothing does. */
export function whyNotAt(
  promotion: Scheduled,
  now: number,
  shopZone = 'UTC',
): 'not-started' | 'ended' | 'outside-hours' | undefined {
  const { schedule } = promotion;
  if (schedule?.starts !== undefined && now < schedule.starts) return 'not-started';
  const ends = endOf(promotion);
  if (ends !== undefined && now >= ends) return 'ended';
  const windows = schedule?.windows;
  if (windows === undefined || windows.some((one) => isOpen(one, now, schedule?.timeZone ?? shopZone)))
    return undefined;
  return 'outside-hours';
}

/** The earlier of the schedule's end and the flash sale's own. */
export function endOf({ schedule, terms }: Scheduled): number | undefined {
  const own = terms.type === 'flash_sale' ? terms.ends : undefined;
  if (schedule?.ends === undefined) return own;
  return own === undefined ? schedule.ends : Math.min(own, schedule.ends);
}

/** Whether a wall clock in this zone is inside the window: an hour that the clocks repeat is inside both times. */
export function isOpen({ days, from, to }: Window, now: number, timeZone: string): boolean {
  const { weekday, minute } = wallClock(now, timeZone);
  const opens = from === undefined ? 0 : minuteOf(from);
  const closes = to === undefined ? 1440 : minuteOf(to);
  const on = (day: number): boolean => days === undefined || days.includes(WEEKDAYS[(day + 7) % 7]!);
  if (closes > opens) return on(weekday) && minute >= opens && minute < closes;
  return (on(weekday) && minute >= opens) || (on(weekday - 1) && minute < closes);
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
