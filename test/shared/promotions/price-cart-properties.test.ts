import { describe, expect, it } from 'vitest';
import type { Promotion } from '../../../shared/promotion.ts';
import { type PricedCart, priceCart } from '../../../shared/promotions/price-cart.ts';
import { seeded, shuffle } from '../../../shared/random.ts';
import { exactTill } from '../../helpers/exact-till.ts';
import { type RandomOrder, randomOrder } from '../../helpers/random-order.ts';
import { sameTotals } from '../../helpers/same-totals.ts';

const SEED = process.env.PROPERTY_SEED ?? '20261121';
const ORDERS = 1200;

/** Each property is checked on the same random orders; the index of one that fails is in the message. */
function eachOrder(check: (order: RandomOrder, priced: PricedCart, at: string) => void): void {
  const random = seeded(SEED === 'random' ? `${Date.now()}` : SEED);
  for (let i = 0; i < ORDERS; i++) {
    const order = randomOrder(random.fork(`${i}`));
    check(order, price(order), `order ${i} of seed ${SEED}`);
  }
}

const price = ({ cart, promotions, uses }: RandomOrder): PricedCart =>
  priceCart(cart, promotions, { now: 0, uses });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('any cart under any promotions', () => {
  it('costs what the exact reference says, line by line', () => {
    eachOrder(({ cart, promotions, uses }, priced, at) => {
      expect(sameTotals(priced, exactTill(cart, promotions, uses)), at).toBeUndefined();
    });
  });

  it('never has an amount below zero or a fraction, and its lines add up to its total', () => {
    eachOrder((_, priced, at) => {
      const { lines, shipping, goods, tax, total, taxed, applied } = priced;
      const amounts = [...lines, shipping].flatMap((one) => [
        one.net,
        one.tax,
        ...one.discounts.map((d) => d.amount),
      ]);
      expect(
        amounts.every((amount) => Number.isSafeInteger(amount) && amount >= 0),
        at,
      ).toBe(true);
      for (const { gross, discounts, net } of [...lines, shipping])
        expect(gross - sum(discounts.map(({ amount }) => amount)), at).toBe(net);
      expect(sum(lines.map(({ net }) => net)), at).toBe(goods);
      expect(sum(lines.map((line) => line.tax)) + shipping.tax, at).toBe(tax);
      expect(goods + shipping.net + (taxed === 'excluded' ? tax : 0), at).toBe(total);
      const byLine = [...lines, shipping].flatMap(({ discounts }) => discounts.map(({ amount }) => amount));
      expect(sum(applied.map(({ amount }) => amount)), at).toBe(sum(byLine));
    });
  });

  it('is not free unless a promotion says that everything is', () => {
    eachOrder(({ promotions }, { lines, goods, applied }, at) => {
      if (sum(lines.map(({ gross }) => gross)) === 0 || goods > 0) return;
      const says = ({ terms }: Promotion): boolean =>
        ('percent' in terms && terms.percent === 100) || ('price' in terms && terms.price === 0);
      const ids = applied.map(({ promotion }) => promotion);
      expect(
        promotions.some((one) => ids.includes(one.id) && says(one)),
        at,
      ).toBe(true);
    });
  });

  it('does not depend on the order of its lines or of the promotions', () => {
    const random = seeded('order');
    eachOrder((order, priced, at) => {
      const cart = { ...order.cart, lines: shuffle([...order.cart.lines], random) };
      const again = price({ ...order, cart, promotions: shuffle([...order.promotions], random) });
      const lines = new Map(again.lines.map((line) => [line.id, line]));
      expect({ ...again, lines: priced.lines.map(({ id }) => lines.get(id)), refused: [] }, at).toEqual({
        ...priced,
        refused: [],
      });
    });
  });

  it('keeps every stated maximum, cap and budget', () => {
    eachOrder(({ promotions, uses }, { applied }, at) => {
      for (const { promotion: id, amount } of applied) {
        const { terms, maximumDiscount, budget, caps } = promotions.find((one) => one.id === id)!;
        if ('amount' in terms) expect(amount, at).toBeLessThanOrEqual(terms.amount!);
        expect(amount, at).toBeLessThanOrEqual(maximumDiscount ?? Number.POSITIVE_INFINITY);
        if (amount > 0)
          expect(uses.spent(id) + amount, at).toBeLessThanOrEqual(budget?.amount ?? Number.POSITIVE_INFINITY);
        expect(uses.bySubject(id), at).toBeLessThan(caps?.perShopper ?? Number.POSITIVE_INFINITY);
      }
    });
  });

  it('applies one promotion of a group, and one that does not stack only by itself', () => {
    eachOrder(({ promotions }, { applied }, at) => {
      const used = applied.map(({ promotion }) => promotions.find(({ id }) => id === promotion)!);
      const groups = used.flatMap(({ exclusiveGroup }) => exclusiveGroup ?? []);
      expect(new Set(groups).size, at).toBe(groups.length);
      const others = used.filter(({ terms }) => terms.type !== 'message');
      if (others.some(({ stackable }) => stackable === false)) expect(others.length, at).toBe(1);
    });
  });

  it('gives every promotion an answer, with a reason where it is refused', () => {
    eachOrder(({ promotions }, { applied, refused }, at) => {
      const answered = [...applied, ...refused].map(({ promotion }) => promotion).sort();
      expect(answered, at).toEqual(promotions.map(({ id }) => id).sort());
    });
  });

  it('charges no more for having one more piece free: buy x get y gives floor(n / (x + y)) * y of equal pieces', () => {
    const random = seeded('pieces');
    for (let i = 0; i < 500; i++) {
      const [buy, get, n] = [1 + random.int(4), 1 + random.int(4), 1 + random.int(40)];
      const lines = Array.from({ length: n }, (_, k) => ({
        id: `${k}`,
        sku: 'a',
        quantity: 1,
        unitPrice: 700,
      }));
      const terms = { type: 'buy_x_get_y', buy, get, percent: 100 } as const;
      const { goods } = priceCart({ lines, shipping: 0, currency: 'EUR' }, [{ id: 'p', terms }], { now: 0 });
      expect(goods).toBe(700 * (n - Math.floor(n / (buy + get)) * get));
    }
  });
});

describe('what is no cart', () => {
  const line = { id: '1', sku: 'a', quantity: 1, unitPrice: 100 };
  const cart = { lines: [line], shipping: 0, currency: 'EUR' };

  it.each([
    [{ ...cart, lines: [line, line] }, /lines\[1\]\.id: expected each line id once/],
    [{ ...cart, lines: [{ ...line, quantity: 0 }] }, /lines\[0\]\.quantity: expected a positive integer/],
    [{ ...cart, lines: [{ ...line, quantity: -3 }] }, /lines\[0\]\.quantity/],
    [{ ...cart, lines: [{ ...line, quantity: 1.5 }] }, /lines\[0\]\.quantity/],
    [{ ...cart, lines: [{ ...line, unitPrice: -1 }] }, /lines\[0\]\.unitPrice: expected minor units/],
    [{ ...cart, lines: [{ ...line, unitPrice: 0.5 }] }, /lines\[0\]\.unitPrice/],
    [{ ...cart, lines: [{ ...line, quantity: 2 ** 40, unitPrice: 2 ** 40 }] }, /below 9e15/],
    [{ ...cart, shipping: Number.NaN }, /shipping: expected minor units/],
    [{ ...cart, tax: 'included' as const }, /taxClass: expected one of taxRates/],
    [
      {
        ...cart,
        lines: [{ ...line, unitPrice: 8e15 }],
        tax: 'excluded' as const,
        taxRates: { standard: 1000 },
      },
      /taxRates: expected minor units, an integer of at least 0 and below 9e15/,
    ],
    [
      { ...cart, tax: 'included' as const, taxRates: { standard: -5 } },
      /taxRates\.standard: expected a percentage/,
    ],
  ])('is refused with its field: %#', (wrong, message) => {
    expect(() => priceCart(wrong, [], { now: 0 })).toThrow(message);
  });

  it('nor is a list with an id twice a list of promotions', () => {
    const twice: Promotion = { id: 'p', terms: { type: 'message' } };
    expect(() => priceCart(cart, [twice, twice], { now: 0 })).toThrow(/each id once/);
  });
});
