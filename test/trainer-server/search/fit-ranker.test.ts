import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { WORDS_FIRST } from '../../../shared/search/search.ts';
import type { HeldOutQuery } from '../../../trainer-server/search/fit-bm25.ts';
import { fitRanker } from '../../../trainer-server/search/fit-ranker.ts';

const [QUERIES, ROWS, WIDTH] = [40, 120, 16];

/** Query q wants product q. Words put `place` others beside it, before it where `other` is above 1. */
function queriesWith(place: number, other = 1.01): HeldOutQuery[] {
  return Array.from({ length: QUERIES }, (_, q) => ({
    text: `query ${q}`,
    grades: new Map([[q, 3]]),
    words: new Map([
      [q, 1],
      ...Array.from({ length: place }, (_, i): [number, number] => [
        QUERIES + ((q + i) % 80),
        other + i / 100,
      ]),
    ]),
  }));
}

function vectors(seed: string): Float32Array[] {
  const random = seeded(seed);
  const unit = (): Float32Array => {
    const vector = Float32Array.from({ length: WIDTH }, () => random.normal());
    return vector.map((x) => x / Math.hypot(...vector));
  };
  return Array.from({ length: ROWS }, unit);
}

const tableOf = (of: readonly Float32Array[]) => ({
  width: WIDTH,
  data: Float32Array.from(of.flatMap((vector) => [...vector])),
});

describe('fitRanker', () => {
  const products = vectors('products');

  it('lets meaning in where it knows what words do not', () => {
    const { ranker, report } = fitRanker(queriesWith(5), {
      table: tableOf(products),
      vectors: products.slice(0, QUERIES),
      visited: false,
      rows: ROWS,
    });
    expect(ranker.meaning).toBeGreaterThan(0);
    // The sixth place of one relevant product: 1 / log2(7).
    expect(report.wordsNdcg).toBeCloseTo(1 / Math.log2(7), 6);
    expect(report.mixedNdcg).toBeGreaterThan(0.9);
  });

  it('keeps an encoder out that knows nothing', () => {
    const { ranker, report } = fitRanker(queriesWith(1, 0.9), {
      table: tableOf(products),
      vectors: vectors('queries of another world').slice(0, QUERIES),
      visited: false,
      rows: ROWS,
    });
    expect(report.wordsNdcg).toBe(1);
    expect(report.meaningNdcg).toBeLessThan(0.2);
    expect(ranker).toEqual(WORDS_FIRST);
  });

  it('lets visits in where shoppers take the more visited of what words leave near', () => {
    const { ranker, report } = fitRanker(queriesWith(1), { visited: true, rows: ROWS });
    // Wanted are the first rows, the most visited ones.
    expect(ranker.popularity).toBeGreaterThan(0);
    expect(report.mixedNdcg).toBeGreaterThan(report.wordsNdcg);
    expect(fitRanker(queriesWith(1), { visited: false, rows: ROWS }).ranker).toEqual(WORDS_FIRST);
  });

  it('goes by words where fewer than ten queries were judged', () => {
    const few = queriesWith(5).slice(0, 9);
    const evidence = { table: tableOf(products), vectors: products.slice(0, 9), visited: true, rows: ROWS };
    expect(fitRanker(few, evidence).ranker).toEqual(WORDS_FIRST);
    expect(fitRanker([], evidence).ranker).toEqual(WORDS_FIRST);
  });
});
