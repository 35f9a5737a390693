import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeDataFolder } from '../../../demo-shop/catalogue/write.ts';
import { PROMOTION_TYPES } from '../../../shared/promotion.ts';
import { readStatedRelation } from '../../../shared/recommend/stated-relations.ts';
import { type Dataset, loadDataset } from '../../../trainer-server/dataset/load.ts';

const NOW = Date.parse('2026-11-21T21:00:00Z');
let dir: string;
let data: Dataset;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'shop-'));
  await writeDataFolder(dir, NOW);
  data = await loadDataset(dir);
});
afterAll(() => rm(dir, { recursive: true }));

describe('the data folder', () => {
  it('is read by the trainer without a rejected row', () => {
    expect(data.rejected).toEqual([]);
    expect(data.notes).toEqual([]);
    expect(data.products.length).toBeGreaterThanOrEqual(320);
    expect(data.shop.slots).toEqual(['home', 'category', 'product', 'cart', 'search', 'exit']);
  });

  it('carries prices, costs and both languages into the product', () => {
    const longjing = data.products.find((product) => product.sku === 'TGR-01')!;
    expect(longjing).toMatchObject({
      price: 1600,
      category: ['Tea', 'Loose tea', 'Green tea'],
      image: 'pictures/TGR-01.svg',
      attributes: { title_zh: '龙井绿茶 80 克罐装' },
    });
    expect(longjing.cost).toBeLessThan(longjing.price!);
  });

  it('holds a promotion of every type, each with its words in both languages', () => {
    const types = new Set(data.promotions.map((promotion) => promotion.terms.type));
    expect([...types].sort()).toEqual([...PROMOTION_TYPES].sort());
    for (const promotion of data.promotions.filter((candidate) => candidate.id !== 'none')) {
      const creative = promotion.creative as Record<string, Record<string, string>>;
      for (const language of ['en', 'zh']) {
        for (const part of ['title', 'text', 'action'])
          expect(creative[language]?.[part], promotion.id).toBeTruthy();
      }
      expect(promotion.costPerUse, promotion.id).toBeGreaterThanOrEqual(0);
    }
  });

  it('states what goes together, of categories that exist', async () => {
    const stated = (await readFile(join(dir, 'relations.jsonl'), 'utf8')).trim().split('\n');
    const segments = new Set(data.products.flatMap((product) => product.category));
    for (const line of stated) {
      const { from, relation, to } = readStatedRelation(JSON.parse(line));
      expect(relation).toBe('goes-with');
      for (const side of [from, to]) expect(segments).toContain('category' in side && side.category);
    }
  });

  it('points every scope, gift and bundle at products that exist', () => {
    const skus = new Set(data.products.map((product) => product.sku));
    const segments = new Set(data.products.flatMap((product) => product.category));
    for (const { id, scope, terms } of data.promotions) {
      if (scope?.category !== undefined) expect(segments, id).toContain(scope.category);
      const named = terms.type === 'bundle' ? terms.skus : terms.type === 'gift' ? [terms.sku!] : [];
      for (const sku of named) expect(skus, id).toContain(sku);
    }
  });

  it('ends the flash sale within two weeks of now', () => {
    const flash = data.promotions.find((promotion) => promotion.id === 'light-week')!;
    expect(flash.terms).toMatchObject({ ends: Date.parse('2026-12-05T00:00:00Z') });
  });
});
