import { describe, expect, it } from 'vitest';
import { catalogueFile } from '../../../demo-shop/build/files.ts';
import { Catalogue } from '../../../demo-shop/shop/catalogue.ts';
import { lexicalSearch } from '../../../demo-shop/shop/search.ts';

const catalogue = new Catalogue(catalogueFile(0));
const skus = (query: string): string[] => lexicalSearch(catalogue, query).map((product) => product.sku);
const familyOf = (sku: string): string => sku.split('-')[0]!;

describe('the shop’s own search', () => {
  it('finds by title in English, plural or not', () => {
    expect(skus('teapots').slice(0, 5).map(familyOf)).toEqual(['TPT', 'TPT', 'TPT', 'TPT', 'TPT']);
  });

  it('finds by title in Chinese, by parts of a word too', () => {
    expect(skus('龙井')[0]).toBe('TGR-01');
    // No title has this run of characters; the pairs 紫砂 and 茶壶 have.
    expect(skus('紫砂茶壶').slice(0, 2).map(familyOf)).toEqual(['TPT', 'TPT']);
  });

  it('asks that every word is found', () => {
    const found = lexicalSearch(catalogue, 'mustard cushion');
    expect(found[0]!.sku).toBe('CUS-01');
    expect(lexicalSearch(catalogue, 'mustard submarine')).toEqual([]);
  });

  it('finds nothing for nothing, and survives any text', () => {
    expect(skus('   ')).toEqual([]);
    expect(skus('(*[')).toEqual([]);
  });
});

describe('the catalogue on the page', () => {
  it('carries no cost and no exact stock', () => {
    const text = JSON.stringify(catalogueFile(0));
    expect(text).not.toMatch(/cost/);
    expect(Math.max(...catalogue.products.map((product) => product.stock))).toBe(10);
  });

  it('finds the products of a path of slugs, and what lies below', () => {
    const tea = catalogue.within(['tea']);
    expect(catalogue.named(['candles-scent'])).toBe('Candles & scent');
    expect(tea.every((product) => product.category[0] === 'Tea')).toBe(true);
    expect(catalogue.below(['tea'])).toEqual(['Loose tea', 'Teaware']);
    expect(catalogue.within(['nowhere'])).toEqual([]);
  });

  it('shows beside a product what shares its design line, other families first', () => {
    const mug = catalogue.product('MUG-01')!;
    const [first] = catalogue.goesWith(mug);
    expect(first!.line).toBe('harbour');
    expect(familyOf(first!.sku)).not.toBe('MUG');
  });
});
