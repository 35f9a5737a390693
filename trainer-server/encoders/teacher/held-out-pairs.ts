/** Pairs that a teacher in training never sees: is the right partner found among the others'? */

import { productText } from '../../../shared/features/profile-text.ts';
import { hash32, type Random } from '../../../shared/random.ts';
import { products } from '../../../shared/recommend/parts.ts';
import type { TextPair } from '../../dataset/rows.ts';
import { drawPairs } from '../text-courses.ts';
import type { PairSource, Positive } from '../text-pairs.ts';

export interface PairData {
  sources: readonly PairSource[];
  labelled: readonly TextPair[];
}

export interface HeldOutPairs {
  pairs: Positive[];
  /** What people labelled as another product than one that was held out: hard to tell from its partner. */
  others: string[];
}

/** Draws before a source is given up that hardly has any of the wanted pairs. */
const TRIES = 200;

/** A share of the products, by a hash of their text, and of the labelled pairs by that of their first product. */
export function splitPairs(
  { sources, labelled }: PairData,
  { share, most }: { share: number; most: number },
  random: Random,
): { learned: PairData; heldOut: HeldOutPairs } {
  const isHeldOut = (about: string): boolean => hash32(about, 0x7eac4e7) / 2 ** 32 < share;
  const drawn = (held: boolean): PairSource[] =>
    sources.map((source) => only(source, (about) => isHeldOut(about) === held));
  const [kept, held] = [false, true].map((wanted) =>
    labelled.filter(({ a }) => isHeldOut(productText(a)) === wanted),
  ) as [TextPair[], TextPair[]];
  const pairs = drawPairs(drawn(true), most, random).filter(({ about }) => isHeldOut(about));
  const distinct = [...new Map(pairs.map((pair) => [pair.key, pair])).values()];
  const others = held.filter(({ label }) => label === 0).map(({ b }) => productText(b));
  return {
    learned: { sources: drawn(false), labelled: kept },
    heldOut: { pairs: distinct, others: [...new Set(others)].slice(0, most) },
  };
}

/** A source whose pairs are about certain products, as far as it has such. */
const only = (source: PairSource, wanted: (about: string) => boolean): PairSource => ({
  ...source,
  draw(random) {
    let pair = source.draw(random);
    for (let tries = 0; tries < TRIES && !wanted(pair.about); tries++) pair = source.draw(random);
    return pair;
  },
});

/**
 * One over the place of each pair's second text among those of all pairs and the others, asked by its first text; its mean
 * is 1 where every partner comes first. What is as near as the partner comes before it.
 * @param vectors of the pairs' first texts, of their second ones, then of the others, [texts, width], unit length
 */
export function reciprocalRanks(vectors: Float32Array, width: number, pairs: number): number[] {
  const answers = vectors.subarray(pairs * width);
  return Array.from({ length: pairs }, (_, i) => {
    const likeness = products({ width, data: answers }, vectors.subarray(i * width, (i + 1) * width));
    return 1 / likeness.reduce((place, x) => place + Number(x >= likeness[i]!), 0);
  });
}
