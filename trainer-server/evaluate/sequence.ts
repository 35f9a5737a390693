/** Which decisions belong together: one after the other, or at one moment. */

import type { LoggedDecision } from '../../shared/decision.ts';

type Place = Pick<LoggedDecision, 'visitor' | 'session' | 'ts' | 'slot'>;

/**
 * The decision before each in its session, -1 for none, [n]; in its visitor's life where the log has no sessions.
 * @param decisions in time order
 */
export function previousOf(decisions: readonly Place[]): Int32Array {
  const last = new Map<string, number>();
  return Int32Array.from(decisions, (decision, i) => {
    const key = trajectoryKey(decision);
    const before = last.get(key) ?? -1;
    last.set(key, i);
    return before;
  });
}

/** Number of each decision's slate, [n]: same visitor, same instant, another slot. */
export function slatesOf(decisions: readonly Place[]): Int32Array {
  const numbers = new Map<string, number>();
  return Int32Array.from(decisions, (decision, i) => {
    if (decision.ts === undefined || decision.slot === undefined) return i;
    const key = `${trajectoryKey(decision)} ${decision.ts}`;
    const slate = numbers.get(key) ?? i;
    numbers.set(key, slate);
    return slate;
  });
}

/** Decisions of the longest trajectory. */
export function longestOf(previous: Int32Array): number {
  const place = new Int32Array(previous.length);
  let longest = 0;
  previous.forEach((before, i) => {
    place[i] = before < 0 ? 1 : place[before]! + 1;
    longest = Math.max(longest, place[i]!);
  });
  return longest;
}

const trajectoryKey = ({ visitor, session }: Place): string => JSON.stringify([visitor, session ?? null]);
