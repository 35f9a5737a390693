/** What the engine-neutral suite does inside a page. Each function is sent there as its text, and so stands alone. */

import type { PromoEdge, Ready, SlotDecision } from '../../../sdk/api.ts';
import type { DecisionRecord } from '../../../sdk/worker/record.ts';

declare const promoEdge: PromoEdge;
/** What went wrong on the page. */
declare const wrong: string[];

export interface Seen {
  ready: Ready;
  decision: SlotDecision;
  wrong: string[];
}

/** Looks at a product and has a slot decided. Runs in the browser. */
export async function visit(): Promise<Seen> {
  while (!('promoEdge' in globalThis) || Array.isArray(promoEdge))
    await new Promise((next) => setTimeout(next, 20));
  const ready = await promoEdge.ready();
  promoEdge.track('view_item', { items: [{ item_id: 'p4', price: 4.2 }] });
  const cart = [{ sku: 'p4', quantity: 2, price: 4.2 }];
  return { ready, decision: await promoEdge.decide('cart', { timeout: 10_000, cart }), wrong };
}

/** What is kept of a release, where anything is. Runs in the browser; to look must not make the database. */
export function keptKeys(): Promise<string[]> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('promo-edge:pk_test');
    opening.onupgradeneeded = () => opening.transaction!.abort();
    opening.onerror = () => resolve([]);
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction('kept').objectStore('kept').getAllKeys();
      reading.onsuccess = () => {
        database.close();
        resolve((reading.result as string[]).filter((key) => key === 'manifest' || key === 'seen'));
      };
    };
  });
}

export interface ShownVector {
  int8: number[];
  scale: number;
}

/** The vector of a product that the page shows, once a decision has it. Runs in the browser. */
export async function vectorOf(item: Record<string, unknown>): Promise<ShownVector> {
  while (!('promoEdge' in globalThis) || Array.isArray(promoEdge))
    await new Promise((next) => setTimeout(next, 20));
  for (;;) {
    promoEdge.track('view_item', { items: [item] });
    const { id } = await promoEdge.decide('cart', { timeout: 20_000 });
    const { decisions } = (await promoEdge.exportData()) as { decisions: DecisionRecord[] };
    const { vector } = decisions.find((kept) => kept.id === id)!.request.history.at(-1)!.items![0]!;
    if (vector !== undefined) return { int8: [...vector.int8], scale: vector.scale };
    await new Promise((next) => setTimeout(next, 50));
  }
}
