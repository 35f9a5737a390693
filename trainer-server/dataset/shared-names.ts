/** Visitors that are no person: one name, such as "anonymous", under which a source logs many shoppers' sessions. */

import type { BehaviourEvent } from '../../shared/event.ts';

/** Sessions below which a name is somebody's. */
const LEAST_SESSIONS = 50;
/** Share of all sessions of a log that no shopper of many has. */
const MOST_OF_ALL = 0.5;
/** Share of events that go back to a session which another had already followed: a person ends one, then begins the next. */
const INTERLEAVED = 0.1;

/**
 * Makes each session of such a name a visitor of its own, in place, so that no history runs from one shopper to another.
 * @param events sorted by visitor, then time; the order no longer holds where names were changed
 * @param kept names that something else knows their events by: decisions, whose rewards are looked up
 * @returns the names, with how many sessions each had
 */
export function splitSharedNames(
  events: BehaviourEvent[],
  kept: ReadonlySet<string> = new Set(),
): Map<string, number> {
  const all = new Set(
    events.flatMap(({ visitor, session }) => (session === undefined ? [] : `${visitor}\n${session}`)),
  );
  const shared = new Map<string, number>();
  for (let from = 0, to = 0; from < events.length; from = to) {
    while (to < events.length && events[to]!.visitor === events[from]!.visitor) to++;
    const own = events.slice(from, to);
    const { sessions, returns } = sessionsOf(own);
    const often = sessions > MOST_OF_ALL * all.size || returns > INTERLEAVED * own.length;
    if (sessions < LEAST_SESSIONS || !often || kept.has(own[0]!.visitor)) continue;
    shared.set(own[0]!.visitor, sessions);
    for (const event of own)
      if (event.session !== undefined) event.visitor = `${event.visitor}\n${event.session}`;
  }
  return shared;
}

/** How many sessions there are, and how often one is gone back to. */
function sessionsOf(own: readonly BehaviourEvent[]): { sessions: number; returns: number } {
  const met = new Set<string>();
  let returns = 0;
  let last: string | undefined;
  for (const { session } of own) {
    if (session === undefined || session === last) continue;
    if (met.has(session)) returns++;
    met.add(session);
    last = session;
  }
  return { sessions: met.size, returns };
}
