/** When a promotion may run. */

import type { Promotion } from '../promotion.ts';

/**
 * Whether a promotion runs at a time: its schedule's start is inclusive, its end (and a flash sale's) exclusive.
 * Without a time, schedules cannot be checked and everything runs: a log without times still decides.
 */
export function runsAt(promotion: Pick<Promotion, 'schedule' | 'terms'>, now: number | undefined): boolean {
  if (now === undefined) return true;
  const { schedule } = promotion;
  if (schedule?.starts !== undefined && now < schedule.starts) return false;
  const ends = endOf(promotion);
  return ends === undefined || now < ends;
}

/** The earlier of the schedule's end and the flash sale's own. */
export function endOf({ schedule, terms }: Pick<Promotion, 'schedule' | 'terms'>): number | undefined {
  const own = terms.type === 'flash_sale' ? terms.ends : undefined;
  if (schedule?.ends === undefined) return own;
  return own === undefined ? schedule.ends : Math.min(own, schedule.ends);
}
