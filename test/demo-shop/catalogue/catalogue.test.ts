import { describe, expect, it } from 'vitest';
import { catalogue, sizeIn } from '../../../demo-shop/catalogue/catalogue.ts';
import { FAMILIES } from '../../../demo-shop/catalogue/families/index.ts';
import { COLOURS, LINES, MATERIALS } from '../../../demo-shop/catalogue/lexicon.ts';
import { BRANDS } from '../../../demo-shop/catalogue/makers.ts';

const products = catalogue();
const HAN = /\p{Script=Han}/u;
const repeated = (values: readonly string[]): string[] =>
  values.filter((value, i) => values.indexOf(value) !== i);

describe('the catalogue', () => {
  it('holds at least 320 products in at least ten departments', () => {
    expect(products.length).toBeGreaterThanOrEqual(320);
    expect(new Set(products.map((product) => product.category[0]![0])).size).toBeGreaterThanOrEqual(10);
  });

  it('names every product once, in either language', () => {
    expect(repeated(products.map((product) => product.sku))).toEqual([]);
    expect(repeated(products.map((product) => product.title[0]))).toEqual([]);
    expect(repeated(products.map((product) => product.title[1]))).toEqual([]);
  });

  it('describes every product in both languages, with no slot left open', () => {
    for (const product of products) {
      for (const text of [product.title, product.description, ...product.category]) {
        expect(text[0], product.sku).toMatch(/^[^{}|]{2,}$/);
        expect(text[0], product.sku).not.toMatch(HAN);
        expect(text[1], product.sku).toMatch(HAN);
        expect(text[1], product.sku).toMatch(/^[^{}|]+$/);
      }
      expect(product.description[0].length, product.sku).toBeGreaterThan(60);
    }
  });

  it('asks a sane price: above cost, below the list price', () => {
    for (const product of products) {
      expect(product.cost, product.sku).toBeGreaterThan(0);
      expect(product.cost, product.sku).toBeLessThan(0.75 * product.price);
      expect(product.listPrice ?? Number.POSITIVE_INFINITY, product.sku).toBeGreaterThan(product.price);
      expect(Math.round(product.price * 100) / 100).toBe(product.price);
    }
    const reduced = products.filter((product) => product.listPrice !== undefined);
    expect(reduced.length / products.length).toBeLessThan(0.3);
  });

  it('files every product two or three levels deep, a department under one Chinese name', () => {
    const chinese = new Map<string, string>();
    for (const product of products) {
      expect([2, 3]).toContain(product.category.length);
      for (const [en, zh] of product.category) {
        expect(chinese.get(en) ?? zh, en).toBe(zh);
        chinese.set(en, zh);
      }
    }
  });

  it('uses only colours and brands that exist, and every line and material that is declared', () => {
    const rows = FAMILIES.flatMap((family) => family.rows);
    expect(rows.filter((row) => COLOURS[row[1]] === undefined)).toEqual([]);
    expect(
      FAMILIES.flatMap((family) => family.brands).filter((brand) => BRANDS[brand] === undefined),
    ).toEqual([]);
    const names = new Set(rows.map((row) => row[0]));
    const materials = new Set(rows.map((row) => row[2]));
    expect(Object.keys(LINES).filter((line) => !names.has(line))).toEqual([]);
    expect(Object.keys(MATERIALS).filter((material) => !materials.has(material))).toEqual([]);
  });

  it('translates a size by its unit and leaves worded sizes to their own words', () => {
    expect(sizeIn('350 ml')).toEqual(['350 ml', '350 毫升']);
    expect(sizeIn('45 × 30 cm')).toEqual(['45 × 30 cm', '45 × 30 厘米']);
    expect(sizeIn('set of 4|四只装')).toEqual(['set of 4', '四只装']);
    expect(sizeIn('A5')).toEqual(['A5', 'A5']);
  });

  it('is the same list on every run, with a few products sold out', () => {
    expect(catalogue()).toEqual(products);
    const soldOut = products.filter((product) => product.stock === 0).length;
    expect(soldOut).toBeGreaterThan(0);
    expect(soldOut).toBeLessThan(20);
  });
});
