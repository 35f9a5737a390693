import { describe, expect, it } from 'vitest';
import { productTerms, termsOf } from '../../../trainer-server/matching/product-terms.ts';

describe('the terms of a product', () => {
  it('tell numbers from letters, and write a number one way', () => {
    expect(termsOf('Adobe CS3 v7.0')).toEqual(['adobe', 'cs', '3', 'v', '7']);
    expect(termsOf('soundtrack v1 .2')).toEqual(['soundtrack', 'v', '1_2']);
    expect(termsOf('iPhone 1,000 007')).toEqual(['iphone', '1000', '7']);
    expect(termsOf('4.10')).toEqual(['4_1']);
  });

  it('are pairs of characters where a script writes no spaces', () => {
    expect(termsOf('红茶杯2')).toEqual(['红茶', '茶杯', '2']);
  });

  it('spell compounds the same by their letters', () => {
    const [apart, joined] = ['photo shop', 'photoshop'].map((title) => productTerms({ title }));
    expect(apart!.grams).toEqual(joined!.grams);
    expect(apart!.name).not.toEqual(joined!.name);
  });

  it('take a price of nothing for none', () => {
    expect(productTerms({ title: 'a', price: 0 }).price).toBeUndefined();
    expect(productTerms({ title: 'a', price: 199 }).price).toBe(199);
  });
});
