import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { countComplements } from '../../../trainer-server/recommend/count-complements.ts';
import {
  emptyCounts,
  memoryTensors,
  type PairCounts,
  readMemory,
} from '../../../trainer-server/recommend/count-memory.ts';

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
    const { index, width } = countComplements(events, catalogue)!.relation!;
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
    const { index, width } = countComplements(events, catalogue)!.relation!;
    expect([...index.slice(0, width)].slice(0, 2)).toEqual([3, 2]);
  });

  it('says nothing of a log without baskets', () => {
    expect(countComplements(look(1, 'kettle', 'tea'), catalogue)).toBeUndefined();
  });

  it('adds what an earlier release counted, a basket of a year ago for half a one', () => {
    const at = (ts: number) => (event: BehaviourEvent) => ({ ...event, ts });
    const YEAR = 365 * 86_400_000;
    const old = [basket(1, 'kettle', 'tea'), basket(2, 'kettle', 'tea')].map(at(0));
    const fresh = [basket(3, 'kettle', 'cup')].map(at(YEAR));
    const before = countComplements(old, catalogue)!.counts;
    const gone = countComplements(fresh, catalogue, { complements: before, newest: 0 })!;
    // Two baskets of which a year left half each stand beside one of today, as in the log of both.
    const { index, weight, width } = gone.relation!;
    expect([...index.slice(0, 2)].sort()).toEqual([2, 3]);
    expect(weight[0]).toBe(weight[1]);
    expect(gone.relation).toEqual(countComplements([...old, ...fresh], catalogue)!.relation);
    expect(width).toBeGreaterThan(2);
    // A period without baskets keeps what was known.
    const kept = countComplements(look(4, 'cup'), catalogue, { complements: before, newest: 0 })!;
    expect(kept.relation!.index[0]).toBe(2);
  });

  it('is remembered with the other counts, where there were baskets', () => {
    const { counts } = countComplements([basket(1, 'kettle', 'tea')], catalogue)!;
    const none = () => emptyCounts(7, 1);
    const memory = {
      relations: { next: none(), before: none(), together: none() },
      touches: new Float32Array(7),
      newest: 5,
    };
    const read = (complements: PairCounts | undefined) => {
      const { tensors, metadata } = memoryTensors({ ...memory, complements });
      return readMemory(tensors, metadata).complements;
    };
    expect(read(counts)).toEqual(counts);
    expect(read(undefined)).toBeUndefined();
  });
});
