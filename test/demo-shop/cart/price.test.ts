import { describe, expect, it } from 'vitest';
import { type BasketLine, priceBasket } from '../../../demo-shop/cart/price.ts';
import { standingOf } from '../../../demo-shop/cart/standing.ts';
import { promotions } from '../../../demo-shop/catalogue/promotions.ts';
import { readPromotions } from '../../../shared/promotion.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const OFFERS = new Map(readPromotions(promotions(NOW), 'EUR').map((offer) => [offer.id, offer]));

const line = (sku: string, price: number, quantity = 1, category = ['Tea']): BasketLine => ({
  sku,
  price,
  quantity,
  category,
  brand: 'Yunhe',
});
const priced = (basket: BasketLine[], ...ids: string[]) =>
  priceBasket(
    basket,
    ids.map((id) => OFFERS.get(id)!),
    NOW,
  );

describe('what a basket costs in this shop', () => {
  it('adds goods and delivery, and delivers free from the shop’s own limit', () => {
    expect(priced([line('a', 1800, 2), line('b', 450)])).toMatchObject({ goods: 4050, total: 4540 });
    expect(priced([line('a', 7500)]).total).toBe(7500);
    expect(priced([]).total).toBe(0);
  });

  it('contains the tax of the goods and of the delivery', () => {
    // 12.30 and 4.90 with 23 %: 2.30 and 0.916.
    expect(priced([line('a', 1230)]).tax).toBe(230 + 92);
  });

  it('applies of the basket offers the one that saves most, with free delivery and points beside it', () => {
    const answer = priced([line('a', 6000)], 'welcome-10', 'ten-off-60', 'ship-40', 'points-200');
    // 10 % of 60.00 is 6.00, less than 10.00; 4.90 of delivery are free.
    expect(answer.total).toBe(5000);
    expect(standingOf('ten-off-60', answer)).toEqual({ saved: 1000 });
    expect(standingOf('ship-40', answer)).toEqual({ saved: 490 });
    expect(standingOf('welcome-10', answer)).toEqual({ word: 'notBest' });
    expect(standingOf('points-200', answer)).toEqual({ word: 'applied' });
  });

  it('says what an offer still needs', () => {
    expect(standingOf('ten-off-60', priced([line('a', 5999)], 'ten-off-60'))).toEqual({
      word: 'missing',
      fill: { m: 1 },
    });
    const mugs = [line('m', 1000, 2, ['Mugs & cups'])];
    expect(standingOf('mugs-3-for-2', priced(mugs, 'mugs-3-for-2'))).toEqual({
      word: 'morePieces',
      fill: { n: 1 },
    });
    const half = [line('TPT-02', 4600), line('TGR-01', 1600)];
    expect(standingOf('tea-for-two', priced(half, 'tea-for-two'))).toEqual({
      word: 'lacks',
      fill: { skus: 'MUG-03' },
    });
    expect(standingOf('garden-12', priced([line('a', 9000)], 'garden-12'))).toEqual({ word: 'notYet' });
  });

  it('ends an offer when it ends', () => {
    const lamps = [line('l', 10_000, 1, ['Lighting'])];
    const sale = OFFERS.get('light-week')!;
    expect(priceBasket(lamps, [sale], NOW).total).toBe(7500);
    const ended = priceBasket(lamps, [sale], NOW + 15 * 86_400_000);
    expect(ended.total).toBe(10_000);
    expect(standingOf('light-week', ended)).toEqual({ word: 'notNow' });
  });
});
