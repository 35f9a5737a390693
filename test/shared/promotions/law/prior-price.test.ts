import { describe, expect, it } from 'vitest';
import type { Product } from '../../../../shared/product.ts';
import { type Promotion, readPromotions } from '../../../../shared/promotion.ts';
import { lawRulesOf } from '../../../../shared/promotions/law/law-rules.ts';
import {
  announcedPercent,
  priceHistoryOf,
  priorPriceOf,
  untrueReductions,
} from '../../../../shared/promotions/law/prior-price.ts';
import golden from '../../../cases/prior-price.json' with { type: 'json' };

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-27T00:00:00Z');
const ago = (days: number): number => NOW - days * DAY;
const entries = (...list: [days: number, price: number][]) =>
  priceHistoryOf(list.map(([days, price]) => ({ sku: 'mug', ts: ago(days), price })));
const MUG = { sku: 'mug', price: 2000 };
const EU = lawRulesOf('DE').priorPrice!;
const NO_EXEMPTIONS = { days: 30, exempt: [] };

describe('the prior price of a reduction', () => {
  it('is the lowest of the 30 days before it, the price in force at their start included', () => {
    expect(priorPriceOf(MUG, entries([90, 1500], [10, 2500]), NOW, EU)).toEqual({
      price: 1500,
      days: 30,
      by: 'lowest',
    });
    // 31 days ago it rose to 2200: the 1500 before that do not count.
    expect(priorPriceOf(MUG, entries([90, 1500], [31, 2200], [5, 2500]), NOW, EU)).toMatchObject({
      price: 2200,
    });
    // A change at the instant of the reduction is the reduction itself.
    expect(priorPriceOf(MUG, entries([90, 2500], [0, 1000]), NOW, EU)).toMatchObject({ price: 2500 });
  });

  it('is that of a shorter time for new goods, where the region lets it be', () => {
    const history = entries([12, 2400], [3, 2300]);
    expect(priorPriceOf(MUG, history, NOW, EU)).toEqual({ price: 2300, days: 12, by: 'new' });
    expect(priorPriceOf(MUG, history, NOW, NO_EXEMPTIONS)).toEqual({ unknown: true });
  });

  it('is the price before the first of progressive reductions, where the region lets it be', () => {
    const history = entries([90, 3000], [14, 2700], [7, 2400]);
    const product = { ...MUG, attributes: { reduced_since: new Date(ago(14)).toISOString() } };
    expect(priorPriceOf(product, history, NOW, EU)).toEqual({ price: 3000, days: 30, by: 'progressive' });
    expect(priorPriceOf(product, history, NOW, NO_EXEMPTIONS)).toMatchObject({ price: 2400, by: 'lowest' });
  });

  it('does not bind what perishes, where the region lets it be', () => {
    const product = { ...MUG, attributes: { perishable: true } };
    expect(priorPriceOf(product, entries([90, 1000]), NOW, EU)).toEqual({ exempt: 'perishable' });
    expect(priorPriceOf(product, entries([90, 1000]), NOW, NO_EXEMPTIONS)).toMatchObject({ price: 1000 });
  });

  it('is unknown without a history', () => {
    expect(priorPriceOf(MUG, priceHistoryOf([]), NOW, EU)).toEqual({ unknown: true });
  });

  it('makes the percentage that may be said: of the prior price, not of a raised one', () => {
    // The case of CJEU C-330/23: bananas at 1.29 after 1.69, with 1.29 among the last 30 days: nothing was reduced.
    expect(announcedPercent(129, 129)).toBe(0);
    expect(announcedPercent(2000, 2500)).toBe(20);
    expect(announcedPercent(1999, 2999)).toBe(33);
    expect(announcedPercent(100, 0)).toBe(0);
  });
});

describe('complaints about prior prices', () => {
  const [promotion] = readPromotions([{ id: 'sale', type: 'percentage', percent: 20 }], 'EUR');

  it.each(golden.cases)('$complaint', ({ region, history: days, price, prior, announced }) => {
    const cents = (euros: number): number => Math.round(euros * 100);
    const history = entries(...days.map(([before, euros]) => [before!, cents(euros!)] as [number, number]));
    const rules = lawRulesOf(region);
    const mug: Product = { sku: 'mug', title: 'mug', category: [], price: cents(price) };
    const found = rules.priorPrice && priorPriceOf(mug, history, NOW, rules.priorPrice);
    expect(found && 'price' in found ? found.price : undefined).toBe(prior && cents(prior));
    const untrue = untrueReductions([promotion!], [mug], history, rules, NOW);
    expect(Object.keys(untrue)).toEqual(announced ? [] : ['sale']);
  });
});

describe('reductions that may not be announced', () => {
  const product = (sku: string, price: number, category: string): Product => ({
    sku,
    title: sku,
    category: [category],
    price,
  });
  const products = [product('mug', 2000, 'Mugs'), product('pot', 5000, 'Pots')];
  const promotions: Promotion[] = readPromotions(
    [
      { id: 'mugs', type: 'percentage', percent: 20, scope: { category: 'Mugs' } },
      { id: 'pots', type: 'flash_sale', percent: 20, scope: { category: 'Pots' } },
      { id: 'code', type: 'coupon', percent: 20, scope: { category: 'Mugs' } },
    ],
    'EUR',
  );
  // The mug was raised from 15.00 to 20.00 three days ago; the pot has cost 50.00 all the time.
  const history = priceHistoryOf([
    { sku: 'mug', ts: ago(60), price: 1500 },
    { sku: 'mug', ts: ago(3), price: 2000 },
    { sku: 'pot', ts: ago(60), price: 5000 },
  ]);

  it('are those of a product that was raised before, and not those that announce no price', () => {
    expect(untrueReductions(promotions, products, history, lawRulesOf('IE'), NOW)).toEqual({
      mugs: { sku: 'mug', price: 2000, prior: 1500 },
    });
  });

  it('are codes, too, where they go to everybody', () => {
    const rules = lawRulesOf('DE', { priorPrice: { ...EU, codes: true } });
    const sum = readPromotions([{ id: 'sum', type: 'coupon', amount: 5 }], 'EUR');
    const found = untrueReductions([...promotions, ...sum], products, history, rules, NOW);
    expect(Object.keys(found)).toEqual(['mugs', 'code']);
  });

  it('are judged from their own start', () => {
    const begun = { ...promotions[0]!, schedule: { starts: ago(5) } };
    // Five days ago the lowest price was 15.00 as well; thirty days after the rise it is 20.00.
    expect(untrueReductions([begun], products, history, lawRulesOf('EU'), NOW)).toHaveProperty('mugs');
    const later = NOW + 31 * DAY;
    expect(untrueReductions([promotions[0]!], products, history, lawRulesOf('EU'), later)).toEqual({});
  });

  it('depend on the region, and on what a shop declares itself', () => {
    expect(untrueReductions(promotions, products, history, lawRulesOf('US'), NOW)).toEqual({});
    const own = lawRulesOf('US', { priorPrice: { days: 2, exempt: [] } });
    // Of the last two days the lowest price is today's: the mug may be reduced.
    expect(untrueReductions(promotions, products, history, own, NOW)).toEqual({});
    expect(
      untrueReductions(promotions, [product('new', 100, 'Mugs')], history, lawRulesOf('FR'), NOW),
    ).toEqual({
      mugs: { sku: 'new', price: 100 },
    });
  });
});
