import { describe, expect, it } from 'vitest';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { scaledMeaning, searchScores } from '../../../shared/search/search.ts';

const lexical = new LexicalSearch(
  buildLexicalIndex([{ title: 'tea cup' }, { title: 'tea cup' }, { title: 'tea' }, { title: 'kettle' }]),
);
/** The query's direction, and against it. */
const [near, far] = [
  [1, 0],
  [-1, 0],
];
const meaningOf = (rows: number[][]) => ({
  table: { width: 2, data: Float32Array.from(rows.flat()) },
  query: Float32Array.of(1, 0),
});

describe('searchScores', () => {
  it('goes by words first: meaning orders only what they leave equal', () => {
    const scores = searchScores('tea cup', 4, lexical, meaningOf([far, near, near, near]));
    expect(topRows(scores, 3)).toEqual([1, 0, 2]);
  });

  it('answers by meaning where no word matches', () => {
    const scores = searchScores('infusion', 4, lexical, meaningOf([far, far, near, far]));
    expect(topRows(scores, 1)).toEqual([2]);
    expect(scores[0]).toBe(0);
  });

  it('weighs meaning and visits as the release says', () => {
    const meaning = meaningOf([far, far, near, far]);
    const bold = searchScores('tea cup', 4, lexical, meaning, { meaning: 3, popularity: 0 });
    expect(topRows(bold, 1)).toEqual([2]);
    // Two titles alike: the more visited, which is the row before, leads by its place alone.
    const visited = searchScores('tea cup', 4, lexical, undefined, { meaning: 0, popularity: 0.4 });
    expect(visited[0]! - visited[1]!).toBeCloseTo((0.4 * Math.log(2)) / Math.log(5), 6);
  });

  it('scales cosines from the catalogue mean to its best', () => {
    // Cosines 1, 0, -1, 0: mean 0, best 1.
    const { table, query } = meaningOf([near, [0, 1], far, [0, -1]]);
    expect([...scaledMeaning(table, query)]).toEqual([1, 0, 0, 0]);
  });
});
