import { describe, expect, it } from 'vitest';
import { readPromotions } from '../../../shared/promotion.ts';
import type { Cart } from '../../../shared/promotions/cart.ts';
import { refundWithClawback } from '../../../shared/promotions/clawback.ts';
import { priceCart } from '../../../shared/promotions/price-cart.ts';
import { type Returned, refundOf } from '../../../shared/promotions/refund.ts';
import { type Random, seeded } from '../../../shared/random.ts';
import { randomOrder } from '../../helpers/random-order.ts';

const THREE: Cart = {
  lines: [
    { id: '1', sku: 'a', quantity: 3, unitPrice: 1000 },
    { id: '2', sku: 'b', quantity: 1, unitPrice: 500 },
  ],
  shipping: 490,
  currency: 'EUR',
};
const facts = { now: 0 };
const ten = readPromotions([{ id: 'ten', type: 'fixed_amount', amount: 10, minimum: 30 }], 'EUR');

describe('giving back part of an order', () => {
  it('gives each piece its share of what was paid, the odd cent with the last one', () => {
    // 35.00 - 10.00 = 25.00: of 10.00, 8.57 go to the three (8.571) and 1.43 to the one (1.429); left 21.43 and 3.57.
    const priced = priceCart(THREE, ten, facts);
    expect(priced.lines.map(({ net }) => net)).toEqual([2143, 357]);
    const first = refundOf(priced, [{ id: '1', quantity: 1 }]);
    // A third of 21.43 is 7.1433, and of the 8.57 off it is 2.8566.
    expect(first).toMatchObject({
      total: 714,
      reversed: [{ promotion: 'ten', amount: 285 }],
      complete: false,
    });
    const rest = refundOf(
      priced,
      [
        { id: '1', quantity: 2 },
        { id: '2', quantity: 1 },
      ],
      [{ id: '1', quantity: 1 }],
    );
    expect(rest).toMatchObject({
      total: 2143 - 714 + 357 + 490,
      shipping: { net: 490, tax: 0 },
      reversed: [{ promotion: 'ten', amount: 715 }],
      complete: true,
    });
  });

  it.each([
    [[{ id: '3', quantity: 1 }], /returned\.id: expected a line of the order, found "3"/],
    [[{ id: '1', quantity: 4 }], /returned\.quantity: expected at most 3 pieces of line 1, found 4/],
    [[{ id: '1', quantity: -1 }], /returned\.quantity/],
    [[{ id: '1', quantity: 0.5 }], /returned\.quantity/],
  ])('refuses %j', (returned, message) => {
    expect(() => refundOf(priceCart(THREE, ten, facts), returned)).toThrow(message);
  });

  it('adds up to what was paid, whatever the order and however it comes back', () => {
    eachReturn(({ order, steps }) => {
      const priced = priceCart(order.cart, order.promotions, { now: 0, uses: order.uses });
      const already: Returned[] = [];
      const back = { total: 0, tax: 0, reversed: 0 };
      for (const step of steps) {
        const refund = refundOf(priced, step, already);
        for (const { net, tax } of refund.lines) expect(Math.min(net, tax)).toBeGreaterThanOrEqual(0);
        back.total += refund.total;
        back.tax += refund.tax;
        back.reversed += refund.reversed.reduce((sum, { amount }) => sum + amount, 0);
        already.push(...step);
      }
      const given = priced.applied.reduce((sum, { amount }) => sum + amount, 0);
      expect(back).toEqual({ total: priced.total, tax: priced.tax, reversed: given });
    });
  });
});

describe('giving back with a clawback', () => {
  const order = { cart: THREE, promotions: ten, facts, priced: priceCart(THREE, ten, facts) };

  it('takes a promotion back that what stays does not earn', () => {
    // Paid 29.90. One piece back leaves 25.00, below 30.00: full price and 4.90, so nothing goes back.
    const first = refundWithClawback(order, [{ id: '1', quantity: 1 }], { returned: [], refunded: 0 });
    expect(first).toEqual({ total: 0, clawback: 714, lost: ['ten'] });
    // A second one leaves 15.00 + 4.90 = 19.90: 10.00 go back.
    const held = { returned: [{ id: '1', quantity: 1 }], refunded: 0 };
    expect(refundWithClawback(order, [{ id: '1', quantity: 1 }], held).total).toBe(1000);
  });

  it('takes nothing back while the promotion is still earned', () => {
    const cart: Cart = { ...THREE, lines: [{ id: '1', sku: 'a', quantity: 5, unitPrice: 1000 }] };
    const larger = { cart, promotions: ten, facts, priced: priceCart(cart, ten, facts) };
    // 50 - 10 = 40 paid; 40 stay at 40 - 10 = 30.
    const refund = refundWithClawback(larger, [{ id: '1', quantity: 1 }], { returned: [], refunded: 0 });
    expect(refund).toEqual({ total: 1000, clawback: -200, lost: [] });
  });

  it('never gives back more than was paid or less than nothing, and adds up', () => {
    eachReturn(({ order: { cart, promotions, uses }, steps }) => {
      const known = { now: 0, uses };
      const priced = priceCart(cart, promotions, known);
      const already = { returned: [] as Returned[], refunded: 0 };
      for (const step of steps) {
        const { total } = refundWithClawback({ cart, promotions, facts: known, priced }, step, already);
        expect(total).toBeGreaterThanOrEqual(0);
        already.returned.push(...step);
        already.refunded += total;
        expect(already.refunded).toBeLessThanOrEqual(priced.total);
      }
      expect(already.refunded).toBe(priced.total);
    });
  });
});

/** Six hundred random orders, each coming back whole in random steps. */
function eachReturn(
  check: (one: { order: ReturnType<typeof randomOrder>; steps: Returned[][] }) => void,
): void {
  const random = seeded('refunds');
  for (let i = 0; i < 600; i++) {
    const order = randomOrder(random.fork(`${i}`));
    if (order.cart.lines.length > 0) check({ order, steps: randomSteps(order.cart, random) });
  }
}

function randomSteps({ lines }: Cart, random: Random): Returned[][] {
  const pieces = lines.flatMap(({ id, quantity }) => Array.from({ length: quantity }, () => id));
  const steps: Returned[][] = [];
  while (pieces.length > 0) {
    const step: Returned[] = [];
    for (let n = 1 + random.int(pieces.length); n > 0; n--)
      step.push({ id: pieces.splice(random.int(pieces.length), 1)[0]!, quantity: 1 });
    steps.push(step);
  }
  return steps;
}
