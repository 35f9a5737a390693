import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { readLexicalIndex, writeLexicalIndex } from '../../../shared/search/lexical-file.ts';
import { BM25_OPTIONS, buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { readTensors, writeTensors } from '../../../shared/tensors.ts';

const words = fc.array(fc.constantFrom('tea', 'cup', 'kettle', 'red', '茶壶', 'dv7-1211ea', 'ｍｕｇ'), {
  maxLength: 9,
});
const product = fc.record({
  title: words.map((of) => of.join(' ')),
  description: words.map((of) => of.join(' ')),
  asked: words.map((of) => of.join(' ')),
});

describe('the word index as a file', () => {
  it('gives the very scores of the index that was written, whatever the order of its products', () => {
    fc.assert(
      fc.property(fc.array(product, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (products, draws) => {
        const index = { ...buildLexicalIndex(products), ranker: { meaning: 0.3, popularity: 0.1 } };
        const order = products
          .map((_, row) => ({ row, draw: draws.next().value! }))
          .sort((a, b) => a.draw - b.draw)
          .map(({ row }) => row);
        const back = readLexicalIndex(writeLexicalIndex(index, order));
        expect(back.ranker).toEqual(index.ranker);
        expect(back.options).toEqual(BM25_OPTIONS);
        for (const query of ['tea', 'red cup 茶壶', 'dv71211ea', 'ketle'])
          expect(new LexicalSearch(back).scores(query)).toEqual(new LexicalSearch(index).scores(query));
      }),
    );
  });

  it('keeps gaps and patterns beyond one byte', () => {
    // 300 products that a word skips, and 200 ways of repeating another.
    const products = Array.from({ length: 502 }, (_, i) => ({
      title: i === 0 || i === 301 ? 'rare' : i > 301 ? 'much '.repeat(i - 301) : 'plain',
    }));
    const index = buildLexicalIndex(products);
    const search = new LexicalSearch(readLexicalIndex(writeLexicalIndex(index)));
    for (const query of ['rare', 'much', 'plain'])
      expect(search.scores(query)).toEqual(new LexicalSearch(index).scores(query));
  });

  it('refuses a file that does not hold together, and one of an earlier form', () => {
    const tensors = readTensors(
      writeLexicalIndex(buildLexicalIndex([{ title: 'tea' }, { title: 'cup' }])),
      'file',
    );
    const gaps = { shape: [2], data: Uint8Array.of(0, 7) };
    const metadata = { options: JSON.stringify(BM25_OPTIONS) };
    expect(() => readLexicalIndex(writeTensors({ ...tensors, gaps }, metadata))).toThrow(/rows below 2/);
    const sizes = { shape: [1], data: Uint8Array.of(1) };
    expect(() => readLexicalIndex(writeTensors({ ...tensors, sizes }, metadata))).toThrow(BadInput);
    expect(() => readLexicalIndex(new TextEncoder().encode('{"products":2}'))).toThrow(BadInput);
  });
});
