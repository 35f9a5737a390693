import { describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { type Product, readProduct } from '../../../shared/product.ts';
import { type Promotion, readPromotions } from '../../../shared/promotion.ts';
import { writePromotion } from '../../../shared/promotions/write-promotion.ts';
import type { Shop } from '../../../shared/shop.ts';
import { createWorld, runWorld, UNIFORM } from '../../../trainer-server/simulate/index.ts';
import { SYNTHETIC_SHOP, syntheticCatalogue } from '../../helpers/synthetic-catalogue.ts';

const worldOf = (
  products: readonly Product[],
  promotions: readonly Promotion[] = [],
  shop: Partial<Shop> = {},
) =>
  createWorld({
    name: 'stationary',
    products,
    promotions,
    shop: { ...SYNTHETIC_SHOP, ...shop },
    seed: 1,
  });
const ODD: Record<string, Product[]> = {
  'a single product': [{ sku: 'one', title: 'One', category: [], price: 999 }],
  'no prices': syntheticCatalogue(40).map(({ price: _, cost: __, listPrice: ___, ...rest }) => rest),
  'no categories': syntheticCatalogue(40).map((product) => ({ ...product, category: [] })),
  'ids alone': Array.from({ length: 30 }, (_, i) => ({ sku: `${i}`, title: '', category: [] })),
  'free products': syntheticCatalogue(20).map((product) => ({ ...product, price: 0, cost: 0 })),
  'Chinese titles': Array.from({ length: 24 }, (_, i) => ({
    sku: `茶${i}`,
    title: ['龙井绿茶礼盒装', '手工陶瓷茶壶', '竹制茶盘'][i % 3]!,
    category: ['茶', ['茶叶', '茶壶', '茶盘'][i % 3]!],
    price: 5000 + 100 * i,
  })),
};

describe('a world on an odd catalogue', () => {
  for (const [name, products] of Object.entries(ODD)) {
    it(`runs with ${name}`, async () => {
      const run = await runWorld(worldOf(products), UNIFORM, { decisions: 400, seed: 1 });
      expect(run.decisions).toHaveLength(400);
      for (const row of run.expected) expect([...row].every(Number.isFinite)).toBe(true);
      expect(run.events.some(({ name }) => name === 'purchase')).toBe(true);
    });
  }

  it('shows no price where the catalogue has none', async () => {
    const { events, decisions } = await runWorld(worldOf(ODD['no prices']!), UNIFORM, {
      decisions: 500,
      seed: 1,
    });
    const items = [
      ...events.flatMap(({ items = [] }) => items),
      ...decisions.flatMap(({ cart = [] }) => cart),
    ];
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter(({ price }) => price !== undefined)).toEqual([]);
    expect(events.filter(({ value }) => value !== undefined)).toEqual([]);
  });

  it('searches in the language of the catalogue', async () => {
    const world = worldOf(ODD['Chinese titles']!, [], { locale: 'zh-CN', currency: 'CNY' });
    const { events } = await runWorld(world, UNIFORM, { decisions: 500, seed: 1 });
    const queries = events.flatMap(({ query }) => query ?? []);
    expect(queries.length).toBeGreaterThan(20);
    expect(queries.every((query) => /\p{Script=Han}/u.test(query))).toBe(true);
  });

  it('needs a product, from the catalogue or from the events', () => {
    expect(() => worldOf([])).toThrow(BadInput);
    const events = [{ visitor: 'v', name: 'view_item' as const, sku: 'seen' }];
    const seen = createWorld({ ...base(), products: [], events });
    expect(seen.catalogue.products.map(({ sku }) => sku)).toEqual(['seen']);
  });
});

describe('promotions of a world', () => {
  it('are those given, and none', async () => {
    const given = readPromotions(
      Array.from({ length: 60 }, (_, i) => ({ id: `p${i}`, type: 'percentage', percent: i + 1 })),
      'EUR',
    );
    const many = worldOf(syntheticCatalogue(), given);
    expect(many.promotions.map(({ id }) => id)).toEqual(['none', ...given.map(({ id }) => id)]);
    const run = await runWorld(many, UNIFORM, { decisions: 300, seed: 1 });
    expect(run.decisions[0]!.eligible).toHaveLength(61);
    const two = await runWorld(worldOf(syntheticCatalogue(), given.slice(0, 1)), UNIFORM, {
      decisions: 300,
      seed: 1,
    });
    expect(two.decisions[0]!.eligible).toEqual(['none', 'p0']);
  });

  it('are made from the prices where none are given, and read back as they were', () => {
    const { promotions } = worldOf(syntheticCatalogue());
    const lines = promotions.slice(1).map((promotion) => writePromotion(promotion, 'EUR'));
    expect(readPromotions(JSON.parse(JSON.stringify(lines)), 'EUR')).toEqual(promotions.slice(1));
    const types = new Set(promotions.map(({ terms }) => terms.type));
    for (const type of ['percentage', 'fixed_amount', 'free_shipping', 'gift', 'message', 'coupon'])
      expect(types).toContain(type);
  });

  it('are eligible only while they run', async () => {
    const ends = Date.UTC(2026, 0, 20);
    const world = worldOf(syntheticCatalogue(), [
      { id: 'early', terms: { type: 'percentage', percent: 10 }, schedule: { ends } },
    ]);
    const { decisions } = await runWorld(world, UNIFORM, { decisions: 800, seed: 1 });
    const early = decisions.filter(({ ts }) => ts! < ends);
    expect(early.length).toBeGreaterThan(20);
    expect(early.every(({ eligible }) => eligible.includes('early'))).toBe(true);
    expect(decisions.filter(({ ts, eligible }) => ts! >= ends && eligible.includes('early'))).toEqual([]);
  });
});

describe('attributes of a world', () => {
  it('are those the shop declares, in their kinds', async () => {
    const attributes = {
      age: 'number',
      tier: 'category',
      returning: 'boolean',
      language: 'category',
    } as const;
    const { decisions } = await runWorld(worldOf(syntheticCatalogue(), [], { attributes }), UNIFORM, {
      decisions: 500,
      seed: 1,
    });
    for (const { attributes: own = {}, session } of decisions) {
      expect(Object.keys(own)).toEqual(Object.keys(attributes));
      expect(typeof own.age).toBe('number');
      expect(typeof own.tier).toBe('string');
      expect(own.returning).toBe(!session!.endsWith('-1'));
      expect(own.language).toBe('en');
    }
  });
});

describe('products as files carry them', () => {
  it('keep costs below prices: no order loses money by itself', () => {
    const products = [readProduct({ sku: 'loss', title: 'loss', price: 5, cost: 9 }, 'EUR')];
    const { catalogue } = worldOf(products);
    expect(catalogue.cost[0]).toBe(500);
  });
});

function base() {
  return { name: 'stationary', promotions: [], shop: SYNTHETIC_SHOP, seed: 1 };
}
