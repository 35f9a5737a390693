import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BehaviourEvent, EVENT_NAMES } from '../../../shared/event.ts';
import { type ProductLookup, sequenceOf } from '../../../shared/features/sequence.ts';
import { gapBucket, kindOf, priceBucket, queryBuckets } from '../../../shared/features/vocabulary.ts';

const PRODUCTS: ProductLookup = {
  find: (sku) => (sku === 'mug' ? { row: 4, price: 1200, category: ['Kitchen'] } : undefined),
};
const EDGES = Array.from({ length: 15 }, (_, i) => (i + 1) * 100);
const at = (seconds: number, rest: Partial<BehaviourEvent>): BehaviourEvent => ({
  visitor: 'v',
  name: 'view_item',
  ts: seconds * 1000,
  ...rest,
});

describe('a history as tokens', () => {
  it('writes kind, product row, gap and price of each event', () => {
    const input = sequenceOf(
      [
        at(0, { sku: 'mug' }),
        at(10, { name: 'add_to_cart', sku: 'unheard-of' }),
        at(500, { name: 'begin_checkout' }),
      ],
      PRODUCTS,
      EDGES,
    );
    expect(input.length).toBe(3);
    expect([...input.kind]).toEqual([1, 5, 8]);
    expect([...input.row]).toEqual([4, -1, -1]);
    // Gaps: unknown; 10 s lies in [5, 15); 490 s lies in [300, 1800).
    expect([...input.gap]).toEqual([0, 2, 5]);
    // 1200 lies above 12 of the 15 edges: bucket 13; unknown products have no price.
    expect([...input.price]).toEqual([13, 0, 0]);
  });

  it('gives a basket one token a product, at most eight, and a list of impressions a single one', () => {
    const items = Array.from({ length: 12 }, () => ({ sku: 'mug', quantity: 1, price: 50 }));
    const basket = sequenceOf([at(0, { name: 'purchase', items })], PRODUCTS, EDGES);
    expect(basket.length).toBe(8);
    expect(new Set(basket.price)).toEqual(new Set([1]));
    const list = sequenceOf([at(0, { name: 'view_item_list', items })], PRODUCTS, EDGES);
    expect([list.length, list.row[0]]).toEqual([1, -1]);
  });

  it('carries the vector that a page showed of a product, unless the release knows it', () => {
    const vector = { int8: [3, -4], scale: 0.5 };
    const items = ['new', 'mug'].map((sku) => ({ sku, quantity: 1, vector }));
    const { row, shown } = sequenceOf([at(0, { name: 'add_to_cart', items })], PRODUCTS, EDGES);
    expect([...row]).toEqual([-1, 4]);
    expect([...shown!]).toEqual([[0, vector]]);
    expect(sequenceOf([at(0, { sku: 'mug' })], PRODUCTS, EDGES).shown).toBeUndefined();
  });

  it('keeps the last tokens of a long history, whatever came before them', () => {
    const event = fc.record({
      visitor: fc.constant('v'),
      name: fc.constantFrom(...EVENT_NAMES),
      sku: fc.constantFrom('mug', 'other'),
      ts: fc.integer({ min: 0, max: 1e9 }),
    });
    fc.assert(
      fc.property(fc.array(event, { minLength: 70, maxLength: 90 }), (history) => {
        const whole = sequenceOf(history, PRODUCTS, EDGES);
        expect(whole.length).toBe(64);
        // One more event than fits: the first token's gap still looks at the event before it.
        expect(sequenceOf(history.slice(-65), PRODUCTS, EDGES)).toEqual(whole);
      }),
    );
  });
});

describe('the vocabulary', () => {
  it('numbers the first kinds as bundles in the field know them', () => {
    expect([kindOf('view_item'), kindOf('purchase'), kindOf('dwell')]).toEqual([1, 9, 14]);
  });

  it('treats missing times and clocks that go back as unknown and as no gap', () => {
    expect(gapBucket(undefined, 5)).toBe(0);
    expect(gapBucket(9000, 5000)).toBe(1);
    expect(gapBucket(0, 40 * 86_400_000)).toBe(10);
  });

  it('puts a price into the bucket of its quantile', () => {
    expect(priceBucket(undefined, EDGES)).toBe(0);
    expect([priceBucket(0, EDGES), priceBucket(100, EDGES), priceBucket(1e9, EDGES)]).toEqual([1, 2, 16]);
    expect(priceBucket(500, [])).toBe(0);
  });

  it('hashes words of any script to distinct buckets that never are the padding', () => {
    const filled = (query: string): number[] => queryBuckets(query).filter((bucket) => bucket > 0);
    expect(queryBuckets(undefined)).toEqual(new Array(8).fill(0));
    expect(queryBuckets('Red  MUG')).toEqual(queryBuckets('red mug'));
    // Two words of two characters: each word is its own only pair.
    expect(filled('红色 茶杯').length).toBe(2);
    expect(filled('红色茶杯').some((bucket) => filled('茶杯').includes(bucket))).toBe(true);
  });
});
