import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Corpus, corpusOf } from '../../../trainer-server/matching/corpus.ts';
import { pairFeatures } from '../../../trainer-server/matching/pair-features.ts';
import { productTerms } from '../../../trainer-server/matching/product-terms.ts';

const titles = [
  'red mug',
  'blue mug',
  'red lamp 5',
  'blue lamp 6',
  'creative suite 3',
  'cs 3',
  'photo pro 2007',
  'photo professional 2008',
];
const known = titles.map((title) => productTerms({ title }));
const corpus = new Corpus(corpusOf(known));
const features = (a: string, b: string) =>
  pairFeatures(productTerms({ title: a }), productTerms({ title: b }), corpus, 0);

describe('features of a pair', () => {
  it('are the same whichever product comes first', () => {
    const word = fc.constantFrom('red', 'blue', 'mug', 'lamp', '5', '2007', 'cs', 'pro');
    const product = fc.record({
      title: fc.array(word, { maxLength: 5 }).map((words) => words.join(' ')),
      brand: fc.option(word, { nil: undefined }),
      price: fc.option(fc.integer({ min: 1, max: 100_000 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(product, product, (left, right) => {
        const [a, b] = [left, right].map(({ title, brand, price }) =>
          productTerms({ title, ...(brand && { brand }), ...(price && { price }) }),
        );
        const there = pairFeatures(a!, b!, corpus, 0.5);
        const back = pairFeatures(b!, a!, corpus, 0.5);
        for (const [name, value] of Object.entries(there)) {
          expect(Number.isFinite(value), name).toBe(true);
          expect(back[name], name).toBeCloseTo(value, 9);
        }
      }),
    );
  });

  it('weigh what is rare: half of the terms shared, more than half of their weight', () => {
    // "suite" stands in one of eight names, "mug" in two: log(9 / 1.5) and log(9 / 2.5).
    const shared = features('suite mug', 'suite lamp');
    const [rare, common] = [Math.log(9 / 1.5), Math.log(9 / 2.5)];
    expect(shared['name.containment.least']).toBeCloseTo(rare / (rare + common), 6);
    expect(shared['name.cosine']).toBeCloseTo(rare ** 2 / (rare ** 2 + common ** 2), 6);
    expect(shared['name.rarestAlone.most']).toBeCloseTo(common, 6);
  });

  it('tell versions and years that differ from those that agree', () => {
    const differ = features('photo 5 2007', 'photo 6 2008');
    expect([differ['version.alone.least'], differ['year.alone.least'], differ['version.shared']]).toEqual([
      1, 1, 0,
    ]);
    const agree = features('photo 5 2007', 'photo 5.0 2007');
    expect([agree['version.alone.most'], agree['year.shared'], agree['version.shared']]).toEqual([0, 1, 1]);
  });

  it('know initials, words cut short and words written together', () => {
    for (const [a, b] of [
      ['cs 3', 'creative suite 3'],
      ['photo pro', 'photo professional'],
      ['photoshop', 'photo shop'],
    ] as const)
      expect(features(a, b)['loose.terms.most'], `${a} / ${b}`).toBe(0);
    expect(features('red mug', 'blue mug')['loose.terms.most']).toBe(1);
  });

  it('count the products that are likelier partners', () => {
    const [right, wrong] = [features('red mug', 'red mug big'), features('red mug', 'blue lamp mug')];
    expect(right['rivals.above.most']).toBe(0);
    expect(wrong['rivals.above.most']).toBeGreaterThan(0);
    expect(wrong['rivals.lead.least']).toBeLessThan(0);
  });
});
