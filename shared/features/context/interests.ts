/** Which parts of the catalogue the shopper is drawn to, and how firmly. */

import { type ContextGroup, tamed } from './group.ts';

export const name = 'interests';

export const names: ContextGroup['names'] = (spec) => [
  'interest',
  'products',
  'repeated',
  'category.concentration',
  'brand.concentration',
  'category.stays',
  'session.share',
  ...spec.categories.map((category) => `category:${category}`),
];

export const values: ContextGroup['values'] = ({ touches, spec }) => {
  const bySegment = new Map<string, number>();
  const byLeaf = new Map<string, number>();
  const byBrand = new Map<string, number>();
  const bySku = new Map<string, number>();
  let total = 0;
  let recent = 0;
  for (const { facts, sku, interest, inSession } of touches) {
    if (interest === 0) continue;
    total += interest;
    if (inSession) recent += interest;
    add(bySku, sku, interest);
    for (const segment of facts?.category ?? []) add(bySegment, segment.toLowerCase(), interest);
    const leaf = facts?.category.at(-1);
    if (leaf !== undefined) add(byLeaf, leaf, interest);
    if (facts?.brand !== undefined) add(byBrand, facts.brand, interest);
  }
  const acts = touches.filter((touch) => touch.interest > 0);
  const leaves = acts.map((touch) => touch.facts?.category.at(-1));
  const stays = leaves.filter((leaf, i) => i > 0 && leaf !== undefined && leaf === leaves[i - 1]).length;
  return [
    tamed(total),
    tamed(bySku.size),
    acts.length === 0 ? 0 : 1 - bySku.size / acts.length,
    concentration(byLeaf),
    concentration(byBrand),
    stays / Math.max(1, acts.length - 1),
    total === 0 ? 0 : recent / total,
    ...spec.categories.map((category) => (total === 0 ? 0 : (bySegment.get(category) ?? 0) / total)),
  ];
};

const add = (map: Map<string, number>, key: string, value: number): void =>
  void map.set(key, (map.get(key) ?? 0) + value);

/** Herfindahl index: 1 where all interest is in one place, 1/n where it is spread evenly over n, 0 for none. */
function concentration(weights: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const weight of weights.values()) sum += weight;
  if (sum === 0) return 0;
  let index = 0;
  // Shares first: after half a year interest is so small that its square is 0.
  for (const weight of weights.values()) index += (weight / sum) ** 2;
  return index;
}
