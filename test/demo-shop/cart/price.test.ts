import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CartLine, type Offer, type OfferTerms, spread, totals } from '../../../demo-shop/cart/price.ts';

const DELIVERY = { fee: 490, freeFrom: 7500 };
const line = (sku: string, price: number, quantity = 1, category = ['Tea']): CartLine => ({
  sku,
  price,
  quantity,
  category,
  brand: 'Yunhe',
});
const offer = (terms: OfferTerms, more: Partial<Offer> = {}): Offer => ({ id: terms.type, terms, ...more });
const goods = (cart: CartLine[], ...offers: Offer[]) => totals(cart, offers, DELIVERY);

describe('what a basket costs', () => {
  it('adds goods and delivery, and delivers free from the shop’s own limit', () => {
    expect(goods([line('a', 1800, 2), line('b', 450)])).toMatchObject({
      subtotal: 4050,
      delivery: 490,
      total: 4540,
    });
    expect(goods([line('a', 7500)])).toMatchObject({ delivery: 0, total: 7500 });
    expect(goods([])).toMatchObject({ delivery: 0, total: 0 });
  });

  it('takes a percentage off the products in scope, half a cent up', () => {
    const cart = [line('a', 1005), line('b', 1000, 1, ['Garden', 'Pots'])];
    const { lines } = goods(cart, offer({ type: 'percentage', percent: 10 }, { scope: { category: 'tea' } }));
    // 100.5 cents are 101; the pot is no tea.
    expect(lines.map((priced) => priced.discount)).toEqual([101, 0]);
  });

  it('grants a fixed amount from its minimum on, and says what is missing below', () => {
    const terms: OfferTerms = { type: 'fixed_amount', amount: 1000, minimum: 6000 };
    expect(goods([line('a', 5999)], offer(terms)).offers[0]).toEqual({
      id: 'fixed_amount',
      amount: 0,
      applied: false,
      missing: 1,
    });
    expect(goods([line('a', 6000)], offer(terms)).goods).toBe(5000);
  });

  it('never takes off more than there is', () => {
    expect(goods([line('a', 300)], offer({ type: 'fixed_amount', amount: 1000 })).goods).toBe(0);
  });

  it('gives the least expensive of three, once for every three', () => {
    const terms: OfferTerms = { type: 'buy_x_get_y', buy: 2, get: 1, percent: 100 };
    expect(goods([line('a', 1800, 2), line('b', 1100, 1)], offer(terms)).goods).toBe(3600);
    expect(goods([line('a', 1800, 2)], offer(terms)).offers[0]!.applied).toBe(false);
    // Seven units: two free, both of the less expensive kind.
    expect(goods([line('a', 1800, 4), line('b', 1100, 3)], offer(terms)).goods).toBe(4 * 1800 + 1100);
  });

  it('reduces whole sets of a bundle only, by share or to a price', () => {
    const cart = [line('pot', 4600, 2), line('mug', 1800), line('tea', 1600, 3)];
    const skus = ['pot', 'mug', 'tea'];
    expect(goods(cart, offer({ type: 'bundle', skus, percent: 20 })).offers[0]!.amount).toBe(1600);
    expect(goods(cart, offer({ type: 'bundle', skus, price: 7000 })).offers[0]!.amount).toBe(1000);
    expect(goods(cart.slice(1), offer({ type: 'bundle', skus, percent: 20 })).offers[0]!.applied).toBe(false);
  });

  it('applies of one group only what saves most, and lets other groups add up', () => {
    const ten = offer({ type: 'percentage', percent: 10 }, { id: 'ten', exclusiveGroup: 'basket' });
    const eight = offer({ type: 'coupon', amount: 800 }, { id: 'eight', exclusiveGroup: 'basket' });
    const post = offer({ type: 'free_shipping' }, { id: 'post' });
    const priced = goods([line('a', 5000)], ten, eight, post);
    expect(priced.offers.map(({ id, amount, applied }) => [id, amount, applied])).toEqual([
      ['ten', 0, false],
      ['eight', 800, true],
      ['post', 490, true],
    ]);
    expect(priced.total).toBe(4200);
  });

  it('adds gifts and points without touching the price', () => {
    const priced = goods(
      [line('a', 5000)],
      offer({ type: 'gift', sku: 'soap' }),
      offer({ type: 'loyalty_points', points: 200 }),
    );
    expect(priced).toMatchObject({ goods: 5000, gifts: ['soap'], points: 200 });
  });
});

const money = fc.integer({ min: 0, max: 50_000 });
const percent = fc.integer({ min: 0, max: 100 });
const skus = ['a', 'b', 'c', 'd'];
const anyCart = fc.uniqueArray(
  fc.record({
    sku: fc.constantFrom(...skus),
    quantity: fc.integer({ min: 1, max: 9 }),
    price: money,
    category: fc.constantFrom(['Tea'], ['Garden', 'Pots']),
    brand: fc.constantFrom('Yunhe', 'Kiln'),
  }),
  { selector: (one) => one.sku, maxLength: 4 },
);
const anyTerms: fc.Arbitrary<OfferTerms> = fc.oneof(
  fc.record({ type: fc.constantFrom('percentage' as const, 'flash_sale' as const), percent }),
  fc.record({ type: fc.constant('fixed_amount' as const), amount: money, minimum: money }),
  fc.record({ type: fc.constant('coupon' as const), percent, minimum: money }),
  fc.record({ type: fc.constant('coupon' as const), amount: money }),
  fc.record({ type: fc.constant('free_shipping' as const), minimum: money }),
  fc.record({
    type: fc.constant('buy_x_get_y' as const),
    buy: fc.integer({ min: 1, max: 4 }),
    get: fc.integer({ min: 1, max: 4 }),
    percent,
  }),
  fc.record({ type: fc.constant('bundle' as const), skus: fc.constant(['a', 'b']), percent }),
  fc.record({ type: fc.constant('bundle' as const), skus: fc.constant(['a', 'c', 'd']), price: money }),
);
const anyOffers = fc
  .array(
    fc.record({
      terms: anyTerms,
      group: fc.constantFrom(undefined, 'one', 'two'),
      scope: fc.constantFrom(undefined, { category: 'tea' }, { brand: 'Kiln' }, { skus: ['a', 'b'] }),
    }),
    { maxLength: 5 },
  )
  .map((list) =>
    list.map(
      ({ terms, group, scope }, i): Offer => ({
        id: `o${i}`,
        terms,
        ...(group === undefined ? {} : { exclusiveGroup: group }),
        ...(scope === undefined ? {} : { scope }),
      }),
    ),
  );

describe('any basket with any offers', () => {
  it('never costs less than nothing, line by line, and adds up to the cent', () => {
    fc.assert(
      fc.property(anyCart, anyOffers, (cart, offers) => {
        const priced = totals(cart, offers, DELIVERY);
        for (const { before, discount, after } of priced.lines) {
          expect(Number.isSafeInteger(after)).toBe(true);
          expect(after).toBeGreaterThanOrEqual(0);
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(before - discount).toBe(after);
        }
        const goodsSum = priced.lines.reduce((sum, one) => sum + one.after, 0);
        expect(priced.goods).toBe(goodsSum);
        expect(priced.total).toBe(goodsSum + priced.delivery);
        const onGoods = priced.offers
          .filter((applied) => offers.find(({ id }) => id === applied.id)!.terms.type !== 'free_shipping')
          .reduce((sum, applied) => sum + applied.amount, 0);
        expect(priced.subtotal - onGoods).toBe(goodsSum);
      }),
    );
  });

  it('applies at most one offer of a group', () => {
    fc.assert(
      fc.property(anyCart, anyOffers, (cart, offers) => {
        const applied = totals(cart, offers, DELIVERY).offers.filter((one) => one.amount > 0);
        const groups = applied.flatMap(({ id }) => offers.find((one) => one.id === id)!.exclusiveGroup ?? []);
        expect(new Set(groups).size).toBe(groups.length);
      }),
    );
  });

  it('spreads an amount to the cent, and never more than a line has', () => {
    fc.assert(
      fc.property(money, fc.array(money, { minLength: 1, maxLength: 6 }), (amount, open) => {
        const parts = spread(amount, open);
        const whole = open.reduce((sum, value) => sum + value, 0);
        expect(parts.reduce((sum, value) => sum + value, 0)).toBe(Math.min(amount, whole));
        parts.forEach((part, i) => {
          expect(part).toBeLessThanOrEqual(open[i]!);
          expect(Math.abs(part - (Math.min(amount, whole) * open[i]!) / Math.max(1, whole))).toBeLessThan(1);
        });
      }),
    );
  });
});
