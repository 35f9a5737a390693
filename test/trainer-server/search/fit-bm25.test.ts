import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { BM25_OPTIONS, buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { fitBm25, MOST_MOVES } from '../../../trainer-server/search/fit-bm25.ts';
import { impliedJudgements } from '../../../trainer-server/search/implied-judgements.ts';
import { meanNdcg } from '../../../trainer-server/search/ndcg.ts';

/** A catalogue whose titles mislead: what a product is stands in its description. */
const words = Array.from({ length: 20 }, (_, i) => `thing${String.fromCharCode(97 + i)}`);
const products = words.flatMap((word) => [
  { sku: `is ${word}`, title: 'article', description: `${word} of good make and long life` },
  {
    sku: `for ${word}`,
    title: `stand ${word}`,
    description: `made for all users at home`,
  },
]);
const judgements = words.flatMap((word) => [
  { query: word, sku: `is ${word}`, grade: 3 },
  { query: word, sku: `for ${word}`, grade: 0 },
]);

describe('fitBm25', () => {
  it('learns which field tells what a product is, and that is seen on queries it was not fitted to', () => {
    const { options, report } = fitBm25(products, judgements);
    expect(report.queries).toBe(20);
    expect(report.fittedNdcg).toBeGreaterThan(report.customaryNdcg + 0.1);
    const search = new LexicalSearch(buildLexicalIndex(products, options));
    const scores = search.scores('thingc');
    const best = scores.indexOf(scores.reduce((a, b) => Math.max(a, b)));
    expect(products[best]!.sku).toBe('is thingc');
  });

  it('ranks as the index does', () => {
    // Twenty queries whose answer the customary weights already give: nothing to learn, nothing changed.
    const easy = words.map((word) => ({ query: word, sku: `for ${word}`, grade: 1 }));
    const { options, report } = fitBm25(products, easy);
    expect(report.customaryNdcg).toBe(1);
    expect(options).toEqual(BM25_OPTIONS);
  });

  it('scores and judges every product that holds a word as the index and NDCG do, equal ones in the order of rows', () => {
    const random = seeded('bm25');
    const vocabulary = ['cup', 'mug', 'red', 'blue', 'tea', 'pot'];
    const draw = (n: number): string =>
      Array.from({ length: n }, () => vocabulary[random.int(vocabulary.length)]!).join(' ');
    const shop = Array.from({ length: 60 }, (_, i) => ({
      sku: `${i}`,
      title: draw(2),
      description: draw(random.int(6)),
    }));
    const asked = [
      'red cup',
      'tea',
      'blue mug',
      'pot',
      'red',
      'cup tea',
      'mug',
      'blue',
      'tea pot',
      'red pot',
      'cup',
    ];
    const judged = asked.flatMap((query) =>
      shop.map(({ sku }) => ({ query, sku, grade: random.int(4) })).filter(() => random.next() < 0.5),
    );
    const none = { deadline: () => 0, tried: () => undefined };
    const { heldOut, report, options } = fitBm25(shop, judged, none);
    expect(options).toEqual(BM25_OPTIONS);
    const search = new LexicalSearch(buildLexicalIndex(shop));
    for (const { text, words: told } of heldOut)
      search.scores(text).forEach((score, row) => {
        expect(told.get(row) ?? 0).toBeCloseTo(score, 4);
      });
    expect(report.customaryNdcg).toBeCloseTo(
      meanNdcg(heldOut.map(({ grades, words: scores }) => ({ grades, scores }))),
      12,
    );
  });

  it('tells of each move that it tries, and tries none that there is no time for', () => {
    let moves = 0;
    fitBm25(products, judgements, { deadline: () => 30 - moves, tried: () => void moves++ });
    expect(moves).toBeGreaterThan(0);
    expect(moves).toBeLessThanOrEqual(30);
    moves = 0;
    fitBm25(products, judgements, { deadline: () => 1e9, tried: () => void moves++ });
    expect(moves).toBeGreaterThan(30);
    expect(moves).toBeLessThanOrEqual(MOST_MOVES);
  });

  it('looks at some hundred queries of however many were judged', () => {
    const many = Array.from({ length: 500 }, (_, i) => ({ query: `q${i}`, sku: 'is thinga', grade: 1 }));
    const { heldOut, report } = fitBm25(products, many);
    expect(report.queries).toBe(400);
    expect(new Set(heldOut.map(({ text }) => text)).size).toBe(400);
  });

  it('keeps the customary weights where few queries were judged', () => {
    expect(fitBm25(products, judgements.slice(0, 8)).options).toEqual(BM25_OPTIONS);
    expect(fitBm25(products, []).report).toEqual({ queries: 0, fittedNdcg: 0, customaryNdcg: 0 });
  });
});

describe('meanNdcg', () => {
  it('is the value worked out by hand', () => {
    // Grades 0, 3, 1 in that order: 7 / log2(3) + 1 / 2, over 7 + 1 / log2(3).
    const grades = new Map([
      [0, 0],
      [1, 3],
      [2, 1],
    ]);
    const scores = new Map([
      [0, 9],
      [1, 5],
      [2, 4],
    ]);
    expect(meanNdcg([{ grades, scores }])).toBeCloseTo((7 / Math.log2(3) + 0.5) / (7 + 1 / Math.log2(3)), 12);
  });
});

describe('impliedJudgements', () => {
  it('takes what several visitors did after a search, and no search of another visitor', () => {
    const events = ['u', 'v', 'w'].flatMap((visitor) => [
      { visitor, name: 'search' as const, query: ' Mug' },
      { visitor, name: 'view_item' as const, sku: '1' },
      { visitor, name: 'purchase' as const, items: [{ sku: '1', quantity: 1 }] },
    ]);
    const once = { visitor: 'w', name: 'view_item' as const, sku: '2' };
    const other = { visitor: 'x', name: 'view_item' as const, sku: '1' };
    expect(impliedJudgements([...events, once, other])).toEqual([{ query: 'mug', sku: '1', grade: 3 }]);
  });
});
