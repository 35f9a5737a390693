import { describe, expect, it } from 'vitest';
import { seeded } from '../../../../shared/random.ts';
import { reciprocalRanks, splitPairs } from '../../../../trainer-server/encoders/teacher/held-out-pairs.ts';
import { TINY_PRODUCTS, TINY_TUNING, tinyPairs } from '../../../helpers/tiny-teacher-shop.ts';

describe('pairs that judge', () => {
  it('are those of other products than the pairs that teach', () => {
    const { learned, heldOut } = splitPairs(tinyPairs(), TINY_TUNING.heldOut, seeded('split'));
    const judged = new Set(heldOut.pairs.map(({ key }) => key));
    expect(judged.size).toBe(heldOut.pairs.length);
    expect(judged.size).toBeGreaterThanOrEqual(TINY_TUNING.heldOut.least);
    const random = seeded('draws');
    for (let i = 0; i < 2000; i++) expect(judged).not.toContain(learned.sources[0]!.draw(random).key);
  });

  it('come with what people labelled as another product, whose labels then do not teach', () => {
    const labelled = TINY_PRODUCTS.map((a, i) => ({
      a,
      b: TINY_PRODUCTS[(i + 7) % TINY_PRODUCTS.length]!,
      label: 0 as const,
    }));
    const { learned, heldOut } = splitPairs(
      { ...tinyPairs(), labelled },
      { share: 0.2, most: 100 },
      seeded('split'),
    );
    expect(heldOut.others.length + learned.labelled.length).toBe(labelled.length);
    const told = new Set(learned.labelled.map(({ a }) => a.sku));
    for (const { key } of heldOut.pairs) expect(told).not.toContain(key);
  });

  it('find a partner at one over its place, and what is as near stands before it', () => {
    // Asked [1, 0] and [0, 1]; answers: their partners [0.6, 0.8] and [0, 1], and another, [1, 0].
    const vectors = Float32Array.of(1, 0, 0, 1, 0.6, 0.8, 0, 1, 1, 0);
    // 0.6 against 0.6, 0, 1: second of three. 1 against 0.8, 1, 0: first.
    expect(reciprocalRanks(vectors, 2, 2)).toEqual([1 / 2, 1]);
    expect(reciprocalRanks(Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0), 2, 2)).toEqual([1 / 2, 1 / 2]);
  });
});
