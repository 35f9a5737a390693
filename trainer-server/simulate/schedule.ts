/** When a visitor comes and which slots each session passes: fixed by the seed alone, whatever policy runs. */

import type { Random } from '../../shared/random.ts';
import { drawFrom } from './calibrate.ts';
import { searchCumulative } from './catalogue.ts';
import type { World } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Shares of sessions with one, two and three decisions. */
const DECISION_SHARES = [0.4, 0.75, 1];
/** Sessions of a visitor never overlap. */
const LEAST_GAP_MS = 3 * HOUR_MS;
const MOST_SESSIONS = 40;

export interface ScheduledSession {
  ts: number;
  /** Indices into the shop's slots, in the order in which they are met. */
  slots: number[];
}

/** The sessions of one visitor. @param arrival epoch milliseconds of the first day */
export function drawSchedule(world: World, arrival: number, random: Random): ScheduledSession[] {
  const { calibration, stages } = world;
  const count = Math.min(MOST_SESSIONS, drawSessionCount(world, random));
  const hours = cumulate(calibration.hours);
  const out: ScheduledSession[] = [];
  let ts = atHour(arrival, hours, random);
  for (let s = 0; s < count; s++) {
    out.push({ ts, slots: drawSlots(stages, random) });
    const gap = drawFrom(calibration.gapsMs, random);
    // Short gaps are kept to the minute; longer ones keep the day and take the hour from the shop's day.
    const next = gap < DAY_MS / 2 ? ts + gap : atHour(ts + gap, hours, random);
    ts = Math.max(next, ts + LEAST_GAP_MS);
  }
  return out;
}

function drawSessionCount({ calibration, parameters }: World, random: Random): number {
  if (calibration.sessionsPerVisitor !== undefined) return drawFrom(calibration.sessionsPerVisitor, random);
  // Geometric with the given mean.
  const more = 1 - 1 / Math.max(1, parameters.sessionsPerVisitor);
  return 1 + (more === 0 ? 0 : Math.floor(Math.log(1 - random.next()) / Math.log(more)));
}

function drawSlots(stages: readonly number[], random: Random): number[] {
  const u = random.next();
  const wanted = Math.min(stages.length, 1 + DECISION_SHARES.findIndex((share) => u < share));
  const chosen = new Set<number>();
  while (chosen.size < wanted) chosen.add(random.int(stages.length));
  return [...chosen].sort((left, right) => stages[left]! - stages[right]!);
}

function atHour(ts: number, hours: readonly number[], random: Random): number {
  const hour = searchCumulative(hours, random.next() * hours.at(-1)!);
  return Math.floor(ts / DAY_MS) * DAY_MS + hour * HOUR_MS + random.int(HOUR_MS);
}

function cumulate(weights: readonly number[]): number[] {
  let sum = 0;
  return weights.map((weight) => {
    sum += weight;
    return sum;
  });
}
