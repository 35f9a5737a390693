/**
 * Vectors of products that the release does not know: the page shows their category, brand and price, and the helper
 * makes of it what the trainer would have. Nothing is fetched for it, before or after.
 */

import type { BehaviourEvent, EventItem, PackedVector } from '../../shared/event.ts';

/** As many products as a shopper looks at in a long visit. */
const MOST = 256;

export class ShownVectors {
  /** By sku; undefined while it is being made, and where the release says nothing of how. */
  #vectors = new Map<string, PackedVector | undefined>();

  /**
   * @param knows whether the release has the product
   * @param make gives one vector a product, or none where the whole release is not here yet
   */
  constructor(
    readonly knows: (sku: string) => boolean,
    readonly make: (products: readonly EventItem[]) => Promise<(PackedVector | undefined)[]>,
  ) {}

  /** The history with the vectors that are here; those that are missing are made for the decisions to come. */
  into(history: readonly BehaviourEvent[]): BehaviourEvent[] {
    const missing: EventItem[] = [];
    const dressed = history.map((event) => {
      if (!event.items?.some(isShown)) return event;
      const items = event.items.map((item) => {
        if (!isShown(item) || this.knows(item.sku)) return item;
        const vector = this.#vectors.get(item.sku);
        if (!this.#vectors.has(item.sku)) missing.push(item);
        return vector ? { ...item, vector } : item;
      });
      return { ...event, items };
    });
    if (missing.length > 0) void this.#make(missing);
    return dressed;
  }

  /** Another release has another space. */
  clear(): void {
    this.#vectors = new Map();
  }

  async #make(products: readonly EventItem[]): Promise<void> {
    const mine = this.#vectors;
    if (mine.size > MOST) mine.clear();
    for (const { sku } of products) mine.set(sku, undefined);
    const made = await this.make(products);
    products.forEach(({ sku }, i) => {
      // Not here yet: the next decision asks again.
      if (i < made.length) mine.set(sku, made[i]);
      else mine.delete(sku);
    });
  }
}

const isShown = ({ category, brand }: EventItem): boolean => category !== undefined || brand !== undefined;
