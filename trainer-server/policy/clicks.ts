/** Whether the promotion that was shown got clicked: from the events, and from what later decisions remember. */

import type { LoggedDecision } from '../../shared/decision.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { NONE_ID } from '../../shared/promotion.ts';

/**
 * 1 clicked before the visitor's next decision, 0 not, -1 unknown or nothing shown, [n]; undefined where the log has no
 * clicks at all, or no times to tell which decision one belongs to.
 * @param decisions in time order
 */
export function clicksOf(
  decisions: readonly LoggedDecision[],
  events: readonly BehaviourEvent[],
): Int8Array | undefined {
  const clicks = new Map<string, Set<string>>();
  const times = new Map<string, number[]>();
  const remember = ({ name, promotion, ts, visitor }: BehaviourEvent, of = visitor): void => {
    if (name !== 'select_promotion' || promotion === undefined || ts === undefined) return;
    const seen = clicks.get(of) ?? new Set();
    const key = `${promotion} ${ts}`;
    if (seen.has(key)) return;
    clicks.set(of, seen.add(key));
    const at = `${of} ${promotion}`;
    times.set(at, [...(times.get(at) ?? []), ts]);
  };
  for (const event of events) remember(event);
  for (const { visitor, history } of decisions) for (const event of history) remember(event, visitor);
  if (clicks.size === 0) return undefined;
  const followed = new Set(events.map(({ visitor }) => visitor));
  const nextAt = new Map<string, number>();
  const out = new Int8Array(decisions.length).fill(-1);
  for (let i = decisions.length - 1; i >= 0; i--) {
    const { visitor, action, ts } = decisions[i]!;
    const until = nextAt.get(visitor);
    if (ts === undefined) continue;
    nextAt.set(visitor, ts);
    // Without events, only a later decision's history tells what came of this one.
    if (action === NONE_ID || (until === undefined && !followed.has(visitor))) continue;
    const own = times.get(`${visitor} ${action}`) ?? [];
    out[i] = own.some((at) => at >= ts && at < (until ?? Number.POSITIVE_INFINITY)) ? 1 : 0;
  }
  return out;
}
