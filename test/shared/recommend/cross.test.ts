import { describe, expect, it } from 'vitest';
import { CrossRecommender } from '../../../shared/recommend/cross.ts';
import { kindsOf } from '../../../shared/recommend/kinds.ts';
import { PARTS } from '../../../shared/recommend/parts.ts';
import { CONTEXTS } from '../../../shared/recommend/recommend.ts';

const SKUS = ['kettle', 'kettle2', 'tea', 'gone', 'cup', 'gone2', 'gone3'];

function recommender(locale: string): CrossRecommender {
  const rows = new Map(SKUS.map((sku, row) => [sku, row]));
  return new CrossRecommender({
    recommender: {
      rows: SKUS.length,
      popularity: Float32Array.of(0.4, 0.3, 0.1, 0.1, 0.1, 0, 0),
      blend: Array.from({ length: CONTEXTS }, () => PARTS.map((part) => Number(part === 'popularity'))),
      rowOf: (sku) => rows.get(sku),
      complements: {
        width: 2,
        index: Int32Array.of(2, 3, ...new Array<number>(12).fill(-1)),
        weight: Uint8Array.of(200, 100, ...new Array<number>(12).fill(0)),
        trust: new Uint8Array(SKUS.length).fill(255),
      },
    },
    products: {
      sku: SKUS,
      title: ['Kettle', 'Other kettle', 'Green tea', 'Sold out', '', '', ''],
      price: [4000, 3500, 1000, 900, 700, 1, 1],
      category: [0, 0, 1, 2, 3, 2, 2],
      brand: SKUS.map(() => -1),
      categories: [['Kettles'], ['Tea'], ['Honey'], ['Cups']],
      brands: [],
      available: [1, 1, 1, 0, 1, 0, 0],
    },
    relations: [{ from: { sku: 'kettle' }, relation: 'goes-with', to: { category: 'Cups' } }],
    shop: { currency: 'EUR', locale },
  });
}
const ask = (locale: string, bought: string[] = []) =>
  recommender(locale).recommend({
    cart: ['kettle', 'unheard-of'],
    history: bought.map((sku) => ({
      visitor: 'v',
      name: 'purchase' as const,
      items: [{ sku, quantity: 1 }],
    })),
    k: 5,
    now: undefined,
    promotions: [],
  });

describe('CrossRecommender', () => {
  it('completes a cart from a release: stated first, then bought together, neither substitutes nor what is sold out', () => {
    const { items, bundle } = ask('en-GB');
    expect(items.map(({ sku }) => sku)).toEqual(['cup', 'tea']);
    expect(items.map(({ reasons }) => reasons)).toEqual([['Goes with Kettle'], ['Often bought with Kettle']]);
    expect(bundle).toEqual({ skus: ['kettle', 'cup'], price: 4700, apart: 4700 });
  });

  it('says why in the language of the shop', () => {
    expect(ask('zh-CN').items[0]!.reasons).toEqual(['与Kettle搭配']);
    expect(ask('de').items[1]!.reasons).toEqual(['Oft gekauft mit Kettle']);
  });

  it('says why without words too, for pages that have their own', () => {
    expect(ask('en').items.map(({ because }) => because)).toEqual([
      [{ code: 'goes-with', sku: 'kettle' }],
      [{ code: 'bought-together', sku: 'kettle' }],
    ]);
  });

  it('takes no kind from categories that hold a third of the shop or more', () => {
    expect(kindsOf([0, 0, 1, 2, 3, -1, -1])).toEqual([0, 0, 1, 2, 3, undefined, undefined]);
    expect(kindsOf([0, 0, 1, 1, 2])).toEqual([undefined, undefined, undefined, undefined, 2]);
  });

  it('does not offer again what was bought', () => {
    expect(ask('en', ['tea']).items.map(({ sku }) => sku)).toEqual(['cup']);
  });

  it('says nothing of what was looked at to who looked at nothing', () => {
    const { items } = recommender('en').recommend({
      cart: ['unheard-of'],
      history: [],
      k: 2,
      now: undefined,
      promotions: [],
    });
    expect(items.map(({ sku, reasons }) => [sku, ...reasons])).toEqual([['kettle'], ['kettle2']]);
  });

  it('says what comes next as the relations state it: beside the cart that the history left', () => {
    const next = (...names: ('add_to_cart' | 'remove_from_cart' | 'view_item')[]) =>
      recommender('en').next({
        history: names.map((name) => ({ visitor: 'v', name, items: [{ sku: 'kettle', quantity: 1 }] })),
        state: undefined,
        k: 5,
      });
    const items = next('add_to_cart');
    expect(items.map(({ sku }) => sku)).toEqual(['cup', 'kettle2', 'tea']);
    expect(items.map(({ reasons }) => reasons[0])).toEqual([
      'Goes with Kettle',
      'Fits what you looked at',
      'Fits what you looked at',
    ]);
    expect(next('add_to_cart', 'remove_from_cart').map(({ sku }) => sku)[0]).toBe('kettle2');
    // Nothing was looked at: nothing is said to fit it.
    expect(next().map(({ sku, reasons }) => [sku, ...reasons])[0]).toEqual(['kettle']);
  });
});
