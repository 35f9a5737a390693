/** Large baskets cut into events that the session encoder reads whole. */

import type { BehaviourEvent } from '../event.ts';
import { ITEMS_PER_EVENT } from '../features/sequence.ts';

/**
 * The same history with every event of more than ITEMS_PER_EVENT products cut into several at the same instant. For
 * a decision a basket of forty lines must not push everything else out; to recommend the forty-first, every line
 * counts. Training and serving of `recommend` both read histories this way.
 */
export function spreadBaskets(history: readonly BehaviourEvent[]): BehaviourEvent[] {
  return history.flatMap((event) => {
    const { items } = event;
    if (items === undefined || items.length <= ITEMS_PER_EVENT || event.name === 'view_item_list')
      return [event];
    const parts: BehaviourEvent[] = [];
    for (let i = 0; i < items.length; i += ITEMS_PER_EVENT) {
      parts.push({ ...event, items: items.slice(i, i + ITEMS_PER_EVENT) });
    }
    return parts;
  });
}
