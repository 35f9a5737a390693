/** What a visitor did before each decision, where the log of decisions does not say. */

import type { LoggedDecision } from '../../shared/decision.ts';
import type { BehaviourEvent } from '../../shared/event.ts';

/** Where a decision brings no history, it is what its visitor did before. */
export function joinHistories(
  decisions: (LoggedDecision & { joined?: boolean })[],
  events: readonly BehaviourEvent[],
  notes: string[],
): void {
  let first: Map<string, number> | undefined;
  let joined = 0;
  for (const decision of decisions) {
    if (decision.joined !== false) continue;
    delete decision.joined;
    if (events.length === 0) continue;
    first ??= firstEventOf(events);
    decision.history = eventsBefore(events, first.get(decision.visitor), decision);
    if (decision.history.length > 0) joined++;
  }
  if (joined > 0) notes.push(`${joined} decisions took their history from events.jsonl`);
}

function firstEventOf(events: readonly BehaviourEvent[]): Map<string, number> {
  const first = new Map<string, number>();
  events.forEach((event, i) => {
    if (!first.has(event.visitor)) first.set(event.visitor, i);
  });
  return first;
}

/** The visitor's last 256 events strictly before the decision; an event at the same instant is its outcome. */
function eventsBefore(
  events: readonly BehaviourEvent[],
  from: number | undefined,
  decision: LoggedDecision,
): BehaviourEvent[] {
  if (from === undefined || decision.ts === undefined) return [];
  let to = from;
  while (
    to < events.length &&
    events[to]!.visitor === decision.visitor &&
    (events[to]!.ts ?? 0) < decision.ts
  )
    to++;
  return events.slice(Math.max(from, to - 256), to);
}
