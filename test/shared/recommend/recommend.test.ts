import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../../shared/event.ts';
import { PARTS, partScores, recentRows } from '../../../shared/recommend/parts.ts';
import { type Recommender, recommendScores } from '../../../shared/recommend/recommend.ts';
import { readRelation, relationTensors } from '../../../shared/recommend/relation.ts';
import { spreadBaskets } from '../../../shared/recommend/spread.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { readTensors, writeTensors } from '../../../shared/tensors.ts';

const rowOf = (sku: string): number | undefined => (/^\d$/.test(sku) ? Number(sku) : undefined);
const view = (sku: string): BehaviourEvent => ({ visitor: 'v', name: 'view_item', sku });

describe('topRows', () => {
  it('is the head of a full sort, ties by row', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -2, max: 6 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 70 }),
        (values, k) => {
          const scores = Float32Array.from(values);
          const sorted = [...scores.keys()]
            .filter((row) => scores[row]! >= 0)
            .sort((a, b) => scores[b]! - scores[a]! || a - b);
          expect(topRows(scores, k)).toEqual(sorted.slice(0, k));
        },
      ),
    );
  });
});

describe('recentRows', () => {
  it('gives the latest first, each once, without impressions and removals', () => {
    const history: BehaviourEvent[] = [
      view('1'),
      { visitor: 'v', name: 'purchase', items: ['2', '3', 'x'].map((sku) => ({ sku, quantity: 1 })) },
      view('1'),
      { visitor: 'v', name: 'remove_from_cart', sku: '4' },
      { visitor: 'v', name: 'view_item_list', items: [{ sku: '5', quantity: 1 }] },
    ];
    expect(recentRows(history, rowOf)).toEqual([1, 3, 2]);
  });
});

describe('recommendScores', () => {
  const relation = {
    width: 1,
    index: Int32Array.of(1, 2, -1),
    weight: Uint8Array.of(255, 255, 0),
    trust: Uint8Array.of(255, 255, 0),
  };
  const recommender: Recommender = {
    rows: 3,
    rowOf,
    next: relation,
    popularity: Float32Array.of(0.2, 0.3, 0.5),
    blend: Array.from({ length: 4 }, (_, context) =>
      PARTS.map((part) =>
        part === 'popularity' ? (context === 0 ? 1 : 0.25) : part === 'next' && context > 0 ? 0.75 : 0,
      ),
    ),
  };

  it('mixes the parts by the weights of the context', () => {
    expect([...recommendScores(recommender, { history: [] })]).toEqual([...recommender.popularity]);
    const scores = recommendScores(recommender, { history: [view('0')] });
    expect(scores[1]).toBeCloseTo(0.75 + 0.25 * 0.3, 6);
    expect(scores[2]).toBeCloseTo(0.25 * 0.5, 6);
  });

  it('finds in two steps what never met: a is followed by b, d comes before b', () => {
    const to = (...rows: number[]) => ({
      width: 1,
      index: Int32Array.from(rows),
      weight: Uint8Array.from(rows, (row) => (row < 0 ? 0 : 255)),
      trust: new Uint8Array(4).fill(255),
    });
    const tables = {
      rows: 4,
      popularity: new Float32Array(4),
      next: to(1, -1, -1, 1),
      before: to(-1, 3, -1, -1),
    };
    // First step, forward with 2/3: b. Second, from b only back, with 1/3: d.
    expect([...partScores('walk', tables, [0])!].map((x) => Math.round(x * 900))).toEqual([0, 0, 0, 200]);
    expect(partScores('walk', tables, [])).toBeUndefined();
  });

  it('marks what was seen and what is not allowed', () => {
    const seen = recommendScores(recommender, { history: [view('0')], excludeSeen: true });
    expect(topRows(seen, 5)).toEqual([1, 2]);
    const allowed = recommendScores(recommender, { history: [], allowed: [1, 0, 1] });
    expect(topRows(allowed, 5)).toEqual([2, 0]);
  });
});

describe('relations in a file', () => {
  const relation = {
    width: 2,
    index: Int32Array.of(1, -1, 0, -1),
    weight: Uint8Array.of(255, 0, 10, 0),
    trust: Uint8Array.of(200, 3),
  };

  it('come back with the same neighbours, each weight within a fifteenth of its root', () => {
    const rows = 70_000;
    const lists = fc.array(fc.uniqueArray(fc.nat(rows - 1), { maxLength: 4 }), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(lists, fc.infiniteStream(fc.integer({ min: 1, max: 255 })), (neighbours, weights) => {
        const index = new Int32Array(rows * 4).fill(-1);
        const weight = new Uint8Array(rows * 4);
        neighbours.forEach((of, row) => {
          of.forEach((neighbour, i) => {
            index[4 * row + i] = neighbour;
            weight[4 * row + i] = weights.next().value;
          });
        });
        const trust = new Uint8Array(rows);
        const back = readRelation(relationTensors('next', { width: 4, index, weight, trust }), 'next')!;
        neighbours.forEach((of, row) => {
          const found = [...back.index.slice(4 * row, 4 * row + 4)];
          expect(found.filter((neighbour) => neighbour >= 0)).toEqual(of.toSorted((a, b) => a - b));
          of.forEach((neighbour, i) => {
            const read = back.weight[4 * row + found.indexOf(neighbour)]!;
            expect(Math.abs(Math.sqrt(read / 255) - Math.sqrt(weight[4 * row + i]! / 255))).toBeLessThan(
              1 / 15,
            );
          });
        });
      }),
      { numRuns: 20 },
    );
    expect(readRelation({}, 'next')).toBeUndefined();
  });

  it('are read as earlier releases wrote them', () => {
    const { width, index, weight, trust } = relation;
    const earlier = {
      'next.index': { shape: [2, width], data: index },
      'next.weight': { shape: [2, width], data: weight },
      'next.trust': { shape: [2], data: trust },
    };
    expect(readRelation(readTensors(writeTensors(earlier)), 'next')).toEqual(relation);
    const now = relationTensors('next', relation);
    expect(readRelation(readTensors(writeTensors(now)), 'next')).toEqual(relation);
  });

  it('are refused where they point beyond the catalogue', () => {
    const wrong = relationTensors('next', { ...relation, index: Int32Array.of(1, -1, 2, -1) });
    expect(() => readRelation(wrong, 'next')).toThrow(/rows below 2/);
  });
});

describe('spreadBaskets', () => {
  it('cuts a basket of nine into eight and one, and leaves the rest alone', () => {
    const items = Array.from({ length: 9 }, (_, i) => ({ sku: `${i}`, quantity: 1 }));
    const spread = spreadBaskets([view('1'), { visitor: 'v', ts: 5, name: 'purchase', items }]);
    expect(spread.map((event) => event.items?.length ?? 1)).toEqual([1, 8, 1]);
    expect(spread[2]).toMatchObject({ ts: 5, name: 'purchase' });
  });
});
