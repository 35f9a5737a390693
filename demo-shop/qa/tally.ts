/** What all visits came to, and what was shown under which release. */

import type { SoFar, VisitReport } from './seat.ts';

export interface Tally {
  visits: number;
  looks: number;
  events: number;
  decisions: number;
  /** Decisions that showed something. */
  shown: number;
  /** Of a decision in the browser, ms; undefined while there is none. */
  medianMs: number | undefined;
  claimed: number;
  /** By the trainer's code. */
  refused: Record<string, number>;
  orders: number;
  /** Minor units. */
  revenue: number;
  returned: number;
  sent: number;
}

/** @param here those whose visit is not over */
export function tallyOf(visits: readonly VisitReport[], here: readonly SoFar[] = []): Tally {
  const all: readonly SoFar[] = [...visits, ...here];
  const sum = <V>(of: readonly V[], count: (visit: V) => number): number =>
    of.reduce((total, visit) => total + count(visit), 0);
  const decisions = all.flatMap((visit) => visit.decisions).filter(({ source }) => source === 'policy');
  const claims = all.flatMap((visit) => visit.claims);
  const refused: Record<string, number> = {};
  for (const { refused: code } of claims) if (code !== undefined) refused[code] = (refused[code] ?? 0) + 1;
  const times = decisions.map(({ ms }) => ms).sort((a, b) => a - b);
  return {
    visits: all.length,
    looks: sum(all, (visit) => visit.looked.length),
    events: sum(visits, (visit) => visit.events),
    decisions: decisions.length,
    shown: decisions.filter(({ action }) => action !== 'none').length,
    medianMs: times[Math.floor(times.length / 2)],
    claimed: claims.filter((claim) => claim.refused === undefined).length,
    refused,
    orders: all.filter((visit) => visit.paid !== undefined).length,
    revenue: sum(all, (visit) => visit.paid ?? 0),
    returned: all.filter((visit) => visit.returned).length,
    sent: sum(visits, (visit) => visit.sent),
  };
}

export interface Shares {
  release: number;
  decisions: number;
  /** Of its decisions, by action. */
  share: Record<string, number>;
}

/** What the shoppers were shown, by release, oldest first. */
export function sharesByRelease(visits: readonly SoFar[]): Shares[] {
  const counts = new Map<number, Map<string, number>>();
  for (const { release, action, source } of visits.flatMap((visit) => visit.decisions)) {
    if (release === undefined || source !== 'policy') continue;
    const of = counts.get(release) ?? new Map<string, number>();
    of.set(action, (of.get(action) ?? 0) + 1);
    counts.set(release, of);
  }
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([release, of]) => {
      const decisions = [...of.values()].reduce((total, count) => total + count, 0);
      return {
        release,
        decisions,
        share: Object.fromEntries([...of].map(([action, count]) => [action, count / decisions])),
      };
    });
}
