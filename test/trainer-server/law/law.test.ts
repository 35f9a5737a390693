import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoggedDecision } from '../../../shared/decision.ts';
import { seeded } from '../../../shared/random.ts';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';
import { disclosing } from '../../../trainer-server/law/disclosing.ts';
import { lawLines, lawReport } from '../../../trainer-server/law/law-report.ts';
import { cramersV, proxiesIn } from '../../../trainer-server/law/proxy-report.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T00:00:00Z');
let dir: string;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'law-'));
});
afterEach(() => rm(dir, { recursive: true }));

const put = (name: string, ...rows: object[]): Promise<void> =>
  writeFile(
    join(dir, name),
    name.endsWith('.jsonl') ? rows.map((row) => JSON.stringify(row)).join('\n') : JSON.stringify(rows[0]),
  );
const decision = (attributes: object) => ({
  id: 'd',
  visitor: 'v',
  ts: 1,
  eligible: ['none'],
  action: 'none',
  attributes,
});

describe('sensitive attributes', () => {
  it('are refused as features and as eligibility, by name', async () => {
    await put('shop.json', { sensitive: ['gender'], attributes: { gender: 'category' } });
    await expect(loadDataset(dir)).rejects.toThrow(
      /shop\.json, attributes\.gender: expected no attribute that is declared/,
    );
    await put('shop.json', { sensitive: ['gender'] });
    await put('promotions.json', [
      {
        id: 'p',
        type: 'message',
        eligibility: { version: 1, not: { any: [{ attribute: 'gender', is: 'f' }] } },
      },
    ]);
    await expect(loadDataset(dir)).rejects.toThrow(/promotions\.json, p\.eligibility: .* found gender/);
  });

  it('stay in the data, for the audit, and out of what is inferred', async () => {
    await put('shop.json', { sensitive: ['gender'] });
    await put('decisions.jsonl', decision({ gender: 'f', tier: 'gold' }));
    const { shop, decisions } = await loadDataset(dir);
    expect(shop.attributes).toEqual({ tier: 'category' });
    expect(decisions[0]?.attributes).toEqual({ gender: 'f', tier: 'gold' });
  });
});

describe('the words of a disclosure', () => {
  const sale = { id: 'sale', terms: { type: 'percentage' as const, percent: 10 } };

  it('travel with each promotion that has words, behind its own', () => {
    const shown = disclosing({ ...sale, creative: { en: { title: 'Sale' } } }, 'eu-personalised-price');
    expect(Object.keys(shown.creative!)).toEqual(['en', 'disclosure']);
    expect(shown.creative!.disclosure).toMatchObject({ fr: expect.stringContaining('décision automatisée') });
  });

  it('are the shop’s where it wrote some, and nobody’s where no law asks', () => {
    const own = { ...sale, creative: { title: 'Sale', disclosure: 'Chosen for you.' } };
    expect(disclosing(own, 'eu-personalised-price')).toEqual(own);
    expect(disclosing(own, undefined)).toBe(own);
    expect(disclosing(sale, 'eu-personalised-price')).toBe(sale);
    expect(disclosing({ ...sale, creative: { title: 'Sale' } }, 'house-rule').creative).toEqual({
      title: 'Sale',
    });
  });
});

describe('the report on the law', () => {
  it('masks what the price history forbids', async () => {
    await put('shop.json', { currency: 'EUR', region: 'FR' });
    await put('products.jsonl', { sku: 'mug', price: 20 });
    await put('promotions.json', [{ id: 'sale', type: 'percentage', percent: 10 }]);
    const price = (days: number, amount: number) => ({ sku: 'mug', ts: NOW - days * DAY, price: amount });
    await put('price_history.jsonl', price(80, 15), price(2, 20));
    const report = lawReport(await loadDataset(dir), { attributes: [] }, [], NOW);
    expect(report.masks).toEqual({
      untrue: { sale: { sku: 'mug', price: 2000, prior: 1500 } },
      urgent: {},
      disclosure: 'eu-personalised-price',
    });
    expect(lawLines(report)).toEqual([
      'sale is masked: mug costs 2000, its lowest price of the last 30 days was 1500',
    ]);
  });

  it('says that it cannot check prices without a history, and masks nothing for that', async () => {
    await put('shop.json', { region: 'FR' });
    await put('promotions.json', [{ id: 'sale', type: 'percentage', percent: 10 }]);
    const report = lawReport(await loadDataset(dir), { attributes: [] }, [], NOW);
    expect(report.masks.untrue).toEqual({});
    expect(lawLines(report)[0]).toMatch(/no price_history\.jsonl/);
  });
});

describe('near-proxies of a sensitive attribute', () => {
  const shoppers = (n: number, leak: number, seed = ''): LoggedDecision[] => {
    const random = seeded(`leak ${leak} ${seed}`);
    return Array.from({ length: n }, (_, i) => {
      const gender = random.next() < 0.5 ? 'f' : 'm';
      const copied = random.next() < leak ? gender : random.next() < 0.5 ? 'f' : 'm';
      return {
        ...{ id: `${i}`, visitor: `v${i}`, eligible: ['none'], action: 'none', history: [] },
        attributes: { gender, favourite: copied === 'f' ? 'roses' : 'tools', age: 20 + random.int(50) },
      };
    });
  };

  it('are found, and what says nothing is not', () => {
    const [first, second] = proxiesIn(shoppers(2000, 0.8), ['favourite', 'age'], ['gender']);
    expect(first).toMatchObject({ feature: 'favourite', sensitive: 'gender', visitors: 2000, proxy: true });
    expect(second).toMatchObject({ feature: 'age', proxy: false });
    expect(second!.association).toBeLessThan(0.1);
  });

  it('have intervals that hold the true association nineteen times in twenty', () => {
    // With fair coins, a copy made with probability q has a correlation of q, which is Cramer's V of two by two.
    const worlds = 60;
    const holds = Array.from({ length: worlds }, (_, i) => {
      const [found] = proxiesIn(shoppers(400, 0.6, `${i}`), ['favourite'], ['gender']);
      return found!.low <= 0.6 && found!.high >= 0.6;
    }).filter(Boolean).length;
    // 57 expected; fewer than 51 has a probability below 0.4 %.
    expect(holds).toBeGreaterThanOrEqual(51);
  });

  it('are not claimed where visitors are few, or one visitor many', () => {
    expect(proxiesIn(shoppers(20, 1), ['favourite'], ['gender'])).toEqual([]);
    const same = shoppers(500, 1).map((one) => ({ ...one, visitor: 'one' }));
    expect(proxiesIn(same, ['favourite'], ['gender'])).toEqual([]);
  });

  it('are measured by a V that is 1 for a copy, 0 for one value, and not inflated by many values', () => {
    const random = seeded('v');
    const x = Array.from({ length: 400 }, () => random.int(20));
    const y = Array.from({ length: 400 }, () => random.int(20));
    expect(cramersV(x, x)).toBeCloseTo(1, 6);
    expect(
      cramersV(
        x,
        x.map(() => 0),
      ),
    ).toBe(0);
    // Uncorrected, 400 draws over 20 by 20 cells give about sqrt(19 * 19 / 400 / 19) = 0.22.
    expect(cramersV(x, y)).toBeLessThan(0.12);
  });
});
