import { describe, expect, it } from 'vitest';
import { inScope, scopeOf } from '../../../shared/promotions/scope.ts';

const tea = { category: ['Küche', 'Tee'], brand: 'Fujian' };

describe('the scope of a promotion', () => {
  it('is everything where none is declared, even a product nobody knows', () => {
    expect(inScope(undefined, 'x', undefined)).toBe(true);
  });

  it('matches any segment of the category path, whatever the case', () => {
    expect(inScope({ category: 'küche' }, 'x', tea)).toBe(true);
    expect(inScope({ category: 'TEE' }, 'x', tea)).toBe(true);
    expect(inScope({ category: 'te' }, 'x', tea)).toBe(false);
  });

  it('needs every declared field to agree', () => {
    expect(inScope({ category: 'Tee', brand: 'fujian' }, 'x', tea)).toBe(true);
    expect(inScope({ category: 'Tee', brand: 'Uji' }, 'x', tea)).toBe(false);
    expect(inScope({ category: 'Tee', skus: ['y'] }, 'x', tea)).toBe(false);
  });

  it('reaches a product without facts by its sku alone', () => {
    expect(inScope({ skus: ['x'] }, 'x', undefined)).toBe(true);
    expect(inScope({ category: 'Tee' }, 'x', undefined)).toBe(false);
  });

  it('of a bundle is what the bundle holds', () => {
    expect(scopeOf({ terms: { type: 'bundle', skus: ['a', 'b'], percent: 10 } })).toEqual({
      skus: ['a', 'b'],
    });
  });
});
