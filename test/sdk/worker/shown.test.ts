import { describe, expect, it } from 'vitest';
import { ShownVectors } from '../../../sdk/worker/shown.ts';
import type { BehaviourEvent, EventItem, PackedVector } from '../../../shared/event.ts';

const view = (...skus: string[]): BehaviourEvent => ({
  visitor: 'device',
  name: 'view_item',
  items: skus.map((sku) => ({ sku, quantity: 1, category: ['Tea'] })),
});
const vector: PackedVector = { int8: [1, 2], scale: 0.5 };
const settled = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

/** A helper that answers with `answer`, and what it was asked for. */
function shownBy(answer: (products: readonly EventItem[]) => (PackedVector | undefined)[]) {
  const asked: string[][] = [];
  const shown = new ShownVectors(
    (sku) => sku === 'known',
    async (products) => {
      asked.push(products.map(({ sku }) => sku));
      return answer(products);
    },
  );
  return { shown, asked };
}

const vectors = (history: readonly BehaviourEvent[]) =>
  history.flatMap(({ items }) => items!.map((i) => i.vector));

describe('vectors of products that a release does not know', () => {
  it('are made once, for the next decision, from what the page showed', async () => {
    const { shown, asked } = shownBy((products) => products.map(() => vector));
    const history = [view('new', 'known'), { ...view('plain'), items: [{ sku: 'plain', quantity: 1 }] }];
    expect(vectors(shown.into(history))).toEqual([undefined, undefined, undefined]);
    await settled();
    const second = shown.into(history);
    expect(vectors(second)).toEqual([vector, undefined, undefined]);
    // The engine knows a vector that it has read by its identity.
    expect(vectors(shown.into(history))[0]).toBe(vectors(second)[0]);
    expect(asked).toEqual([['new']]);
    // What is kept on the device stays as it was.
    expect(vectors(history)[0]).toBeUndefined();
  });

  it('are asked for again while the whole release is not here, and no more where it does not say how', async () => {
    let answer: PackedVector[] | undefined[] = [];
    const { shown, asked } = shownBy(() => answer);
    shown.into([view('new')]);
    await settled();
    answer = [undefined];
    shown.into([view('new')]);
    await settled();
    shown.into([view('new')]);
    await settled();
    expect(asked.length).toBe(2);
  });

  it('are forgotten with their release, also those on their way', async () => {
    const { shown } = shownBy((products) => products.map(() => vector));
    shown.into([view('new')]);
    shown.clear();
    await settled();
    expect(vectors(shown.into([view('new')]))).toEqual([undefined]);
  });
});
