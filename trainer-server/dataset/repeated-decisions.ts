/** Decisions that stand in a log more than once, as an outcome joined twice leaves them. */

import type { LoggedDecision } from '../../shared/decision.ts';

/** The decisions without those that repeat another word for word; `notes` hears of them, and of ids that two differing ones share. */
export function withoutRepeats<T extends LoggedDecision>(decisions: T[], notes: string[]): T[] {
  const texts = new Map<string, Set<string>>();
  const ids = repeatedIds(decisions);
  let copies = 0;
  const kept = decisions.filter((decision) => {
    if (!ids.has(decision.id)) return true;
    const text = JSON.stringify(decision);
    const known = texts.get(decision.id) ?? new Set();
    texts.set(decision.id, known);
    if (known.has(text)) copies++;
    const fresh = !known.has(text);
    known.add(text);
    return fresh;
  });
  if (copies > 0) notes.push(`${copies} decisions repeat another one word for word and count once`);
  const shared = kept.length - new Set(kept.map(({ id }) => id)).size;
  if (shared > 0) notes.push(`${shared} decisions repeat the id of another one and differ from it`);
  return kept;
}

function repeatedIds(decisions: readonly LoggedDecision[]): Set<string> {
  const seen = new Set<string>();
  return new Set(decisions.map(({ id }) => id).filter((id) => seen.size === seen.add(id).size));
}
