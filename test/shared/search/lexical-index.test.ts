import { describe, expect, it } from 'vitest';
import { buildLexicalIndex, LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { searchTerms } from '../../../shared/search/words.ts';

describe('searchTerms', () => {
  it('folds case and width and takes plurals to their singular', () => {
    expect(searchTerms('Blue ＭＵＧＳ, berries & boxes of glass')).toEqual([
      'blue',
      'mug',
      'berry',
      'box',
      'of',
      'glass',
    ]);
  });

  it('cuts Chinese into overlapping pairs', () => {
    expect(searchTerms('陶瓷杯')).toEqual(['陶瓷', '瓷杯']);
  });

  it('folds what shoppers leave out: umlauts, accents, Arabic vowel signs', () => {
    expect(searchTerms('Schlüssel für GROẞE Türen')).toEqual(searchTerms('schlussel fur grosse turen'));
    expect(searchTerms('café')).toEqual(['cafe']);
    expect(searchTerms('حِذَاءٌ أسود')).toEqual(['حذاء', 'اسود']);
  });

  it('keeps the vowel signs of scripts whose letters they are', () => {
    expect(searchTerms('किताब')).toEqual(['किताब']);
    expect(searchTerms('ガラス')).not.toEqual(searchTerms('カラス'));
  });

  it('keeps model numbers findable whole and in parts', () => {
    expect(searchTerms('HP dv7-1211ea')).toEqual(['hp', 'dv7', '1211ea', 'dv71211ea']);
  });
});

describe('LexicalSearch', () => {
  it('finds by a single Chinese character what holds it', () => {
    const search = new LexicalSearch(
      buildLexicalIndex([{ title: '陶瓷茶壶' }, { title: '玻璃杯子' }, { title: '保温杯' }]),
    );
    const scores = search.scores('杯');
    expect(scores[0]).toBe(0);
    expect(scores[1]).toBeGreaterThan(0);
    expect(scores[2]).toBeGreaterThan(0);
  });

  it('gives the BM25 scores worked out by hand', () => {
    // Two titles of equal length 2, k1 1.2, boost 1: tf 1 each, so the saturation factor is 2.2 / 2.2 = 1.
    // red: n 1 of N 2: log(1 + 1.5/1.5) = 0.6931. mug: n 2: log(1 + 0.5/2.5) = 0.1823.
    const fields = { boost: 1, b: 0.75 };
    const options = {
      k1: 1.2,
      fields: {
        title: fields,
        brand: fields,
        category: fields,
        attributes: fields,
        description: fields,
        asked: fields,
      },
    };
    const search = new LexicalSearch(
      buildLexicalIndex([{ title: 'red mug' }, { title: 'blue mug' }], options),
    );
    expect(search.scores('red mug')[0]).toBeCloseTo(Math.LN2 + Math.log(1.2), 6);
    expect(search.scores('red mug')[1]).toBeCloseTo(Math.log(1.2), 6);
    expect([...search.scores('green')]).toEqual([0, 0]);
  });

  it('weighs a word in the title above the same word in the description', () => {
    const search = new LexicalSearch(
      buildLexicalIndex([
        { title: 'lamp', description: 'goes with a desk' },
        { title: 'desk', description: 'goes with a lamp' },
      ]),
    );
    const scores = search.scores('desk');
    expect(scores[1]).toBeGreaterThan(scores[0]!);
    expect(scores[0]).toBeGreaterThan(0);
  });

  it('finds Chinese titles', () => {
    const search = new LexicalSearch(buildLexicalIndex([{ title: '不锈钢保温杯' }, { title: '陶瓷马克杯' }]));
    const scores = search.scores('马克杯');
    expect(scores[1]).toBeGreaterThan(0);
    expect(scores[0]).toBe(0);
  });

  it('finds compounds by their parts, and the parts by a compound, before it takes a word for a mistake', () => {
    const titles = ['Küchenmesser', 'Straßenkarte', 'Bürostuhl', 'Messer', 'Kessel'];
    const found = (query: string, catalogue = titles): string[] => {
      const scores = new LexicalSearch(buildLexicalIndex(catalogue.map((title) => ({ title })))).scores(
        query,
      );
      return catalogue.filter((_, row) => scores[row]! > 0);
    };
    expect(found('strasse')).toEqual(['Straßenkarte']);
    expect(found('messer')).toEqual(['Messer']);
    expect(found('messer', titles.slice(0, 3))).toEqual(['Küchenmesser']);
    expect(found('Klappmesser')).toEqual(['Messer']);
    expect(found('kesel')).toEqual(['Kessel']);
    expect(found('uhl')).toEqual([]);
  });

  it('takes no part of a model number for another', () => {
    const search = new LexicalSearch(buildLexicalIndex([{ title: 'dv71211' }, { title: 'tv7121' }]));
    expect([...search.scores('dv71')]).toEqual([0, 0]);
  });

  it('answers an empty catalogue with no scores', () => {
    expect(new LexicalSearch(buildLexicalIndex([])).scores('mug')).toHaveLength(0);
  });
});
