import { describe, expect, it } from 'vitest';
import { type FusionSpec, productVector, unit } from '../../../shared/features/product-vector.ts';

const spec: FusionSpec = {
  width: 64,
  textMean: [],
  priceEdges: Array.from({ length: 15 }, (_, i) => 100 * (i + 1)),
  rating: { mean: 4, deviation: 0.5 },
  popularity: { mean: 1, deviation: 1 },
};
const cosine = (a: Float32Array, b: Float32Array): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
const mug = { sku: '1', category: ['Home', 'Mugs'], price: 450 };

describe('productVector', () => {
  it('has unit length whatever is known', () => {
    const text = unit(Float32Array.from({ length: 64 }, (_, i) => Math.sin(i)));
    for (const vector of [
      productVector(mug, spec),
      productVector(mug, spec, text, 12),
      productVector({ sku: 'id only', category: [] }, spec),
      productVector({ sku: 'rated', category: [], rating: 4.5, ratingCount: 3 }, spec),
    ]) {
      expect(Math.hypot(...vector)).toBeCloseTo(1, 5);
    }
  });

  it('lies nearer to its own category than to a sibling, and to a sibling than to another branch', () => {
    const of = (...category: string[]) => productVector({ sku: 'x', category }, spec);
    const own = of('Home', 'Mugs');
    expect(cosine(own, of('Home', 'Mugs'))).toBeCloseTo(1, 5);
    expect(cosine(own, of('Home', 'Lamps'))).toBeGreaterThan(cosine(own, of('Garden', 'Hoses')) + 0.2);
    expect(cosine(own, of('Home', 'Lamps'))).toBeLessThan(0.9);
  });

  it('lies nearer to a like price than to a far one', () => {
    const at = (price: number) => productVector({ ...mug, price }, spec);
    expect(cosine(at(450), at(500))).toBeGreaterThan(cosine(at(450), at(900)));
    expect(cosine(at(450), at(900))).toBeGreaterThan(cosine(at(450), at(1e9)));
  });

  it('tells products apart by their id where nothing else is known', () => {
    const of = (sku: string) => productVector({ sku, category: [] }, spec);
    expect(Math.abs(cosine(of('1'), of('2')))).toBeLessThan(0.5);
    expect(of('1')).toEqual(of('1'));
  });

  it('shrinks a rating of few towards the mean', () => {
    const plain = productVector(mug, spec);
    const few = productVector({ ...mug, rating: 5, ratingCount: 1 }, spec);
    const many = productVector({ ...mug, rating: 5, ratingCount: 1000 }, spec);
    expect(cosine(plain, few)).toBeGreaterThan(cosine(plain, many));
  });

  it('takes the direction that all texts share out', () => {
    const shared = Array.from({ length: 64 }, () => 1 / 8);
    const near = (shift: number) =>
      unit(Float32Array.from({ length: 64 }, (_, i) => 1 / 8 + (i % 2 === 0 ? shift : -shift) / 8));
    const centred = { ...spec, textMean: shared };
    const of = (shift: number) => productVector({ sku: 'x', category: [] }, centred, near(shift));
    expect(cosine(near(0.2), near(-0.2))).toBeGreaterThan(0.9);
    expect(cosine(of(0.2), of(-0.2))).toBeLessThan(-0.9);
  });
});
