import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { countComplements } from '../../../trainer-server/recommend/count-complements.ts';

const SKUS = ['kettle', 'kettle2', 'tea', 'cup'];
const products = SKUS.map((sku, i) => ({
  sku,
  title: sku,
  category: [['Kettles', 'Kettles', 'Tea', 'Cups'][i]!],
}));
const catalogue = {
  products: [...products, ...['x', 'y', 'z'].map((sku) => ({ sku, title: sku, category: [sku] }))],
  rowOf: (sku: string) => (SKUS.includes(sku) ? SKUS.indexOf(sku) : undefined),
};
const basket = (visitor: number, ...skus: string[]): BehaviourEvent => ({
  visitor: `v${visitor}`,
  name: 'purchase',
  items: skus.map((sku) => ({ sku, quantity: 1 })),
});
const look = (visitor: number, ...skus: string[]): BehaviourEvent[] =>
  skus.map((sku) => ({ visitor: `v${visitor}`, name: 'view_item', sku }));

describe('countComplements', () => {
  it('counts baskets alone, and leaves out products of one kind', () => {
    const events = [1, 2, 3].flatMap((v) => [
      ...look(v, 'kettle', 'kettle2', 'cup'),
      basket(v, 'kettle', 'kettle2', 'tea'),
    ]);
    const { index, width } = countComplements(events, catalogue)!;
    const of = (sku: string) => [...index.slice(width * SKUS.indexOf(sku), width * (SKUS.indexOf(sku) + 1))];
    // Tea is bought with both kettles; the cup is only looked at.
    expect(of('kettle').filter((row) => row >= 0)).toEqual([2]);
    expect(of('tea').filter((row) => row >= 0)).toEqual([0, 1]);
    expect(of('cup').every((row) => row < 0)).toBe(true);
  });

  it('divides out what goes with everything', () => {
    // Tea is in every basket; the cup only beside the kettle, as often as tea beside it.
    const events = [
      ...[1, 2, 3].map((v) => basket(v, 'kettle', 'tea', 'cup')),
      ...[4, 5, 6, 7, 8, 9].map((v) => basket(v, 'kettle2', 'tea')),
    ];
    const { index, width } = countComplements(events, catalogue)!;
    expect([...index.slice(0, width)].slice(0, 2)).toEqual([3, 2]);
  });

  it('says nothing of a log without baskets', () => {
    expect(countComplements(look(1, 'kettle', 'tea'), catalogue)).toBeUndefined();
  });
});
