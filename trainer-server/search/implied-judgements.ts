/** What shoppers did after searching, as judgements. */

import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import type { Judgement } from '../dataset/rows.ts';

/** Looking is weaker than taking. */
const GRADES: Partial<Record<BehaviourEvent['name'], number>> = {
  view_item: 1,
  select_item: 1,
  add_to_cart: 2,
  add_to_wishlist: 2,
  purchase: 3,
};
/** Visitors who must have done so: one may have searched for something else. */
const LEAST_VISITORS = 3;
/** Acts after a search that are taken as its answer. */
const REACH = 10;

/** @param events sorted by visitor, then time */
export function impliedJudgements(events: readonly BehaviourEvent[]): Judgement[] {
  const found = new Map<string, { query: string; sku: string; visitors: Set<string>; grades: number }>();
  let query: string | undefined;
  let left = 0;
  let visitor: string | undefined;
  for (const event of events) {
    if (event.visitor !== visitor) query = undefined;
    visitor = event.visitor;
    if (event.name === 'search') {
      query = event.query?.trim().toLowerCase();
      left = REACH;
      continue;
    }
    const grade = GRADES[event.name];
    if (!query || left === 0 || grade === undefined) continue;
    left--;
    for (const { sku } of itemsOf(event)) {
      const key = JSON.stringify([query, sku]);
      const entry = found.get(key) ?? { query, sku, visitors: new Set<string>(), grades: 0 };
      entry.visitors.add(event.visitor);
      entry.grades = Math.max(entry.grades, grade);
      found.set(key, entry);
    }
  }
  return [...found.values()]
    .filter(({ visitors }) => visitors.size >= LEAST_VISITORS)
    .map(({ query, sku, grades }) => ({ query, sku, grade: grades }));
}
