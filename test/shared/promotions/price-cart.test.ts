import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPromotions } from '../../../shared/promotion.ts';
import type { Cart } from '../../../shared/promotions/cart.ts';
import type { Uses } from '../../../shared/promotions/facts.ts';
import { priceCart } from '../../../shared/promotions/price-cart.ts';

const FOLDER = join(import.meta.dirname, '../../cases/promotions');
/** 2026-11-22T12:00:00Z, a Sunday. */
const NOW = 1795348800000;

interface Case {
  what: string;
  complaint: string;
  arithmetic: string[];
  cart: Cart;
  promotions: unknown[];
  uses?: Record<string, Partial<Record<keyof Uses, number>>>;
  expect: {
    total: number;
    tax?: number;
    lines?: Record<string, number>;
    applied?: Record<string, number>;
    refused?: Record<string, string>;
    missing?: Record<string, string | number>;
  };
}

it('takes a sum off carts of its own currency alone, and a percentage off all', () => {
  const promotions = readPromotions(
    [
      { id: 'ten-euros', type: 'fixed_amount', amount: 10 },
      { id: 'tenth', type: 'percentage', percent: 10 },
    ],
    'EUR',
  );
  const totalIn = (currency: string) => {
    const lines = [{ id: '1', sku: 'a', quantity: 1, unitPrice: 5_000 }];
    return priceCart({ lines, shipping: 0, currency }, promotions, { now: NOW });
  };
  // 50.00 EUR less a tenth, less 10.00 EUR; 5,000 JPY less a tenth: 1,000 minor units of yen are no ten euros.
  expect(totalIn('EUR').total).toBe(3_500);
  expect(totalIn('JPY')).toMatchObject({
    total: 4_500,
    refused: [{ promotion: 'ten-euros', code: 'currency' }],
  });
});

for (const file of readdirSync(FOLDER)) {
  const { cases } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { cases: Case[] };
  describe(`pricing a cart: ${file.replace('.json', '')}`, () => {
    it.each(cases)('$what ($complaint)', (one) => {
      const promotions = readPromotions(one.promotions, one.cart.currency);
      const used = (id: string, what: keyof Uses): number => one.uses?.[id]?.[what] ?? 0;
      const uses: Uses = {
        bySubject: (id) => used(id, 'bySubject'),
        total: (id) => used(id, 'total'),
        spent: (id) => used(id, 'spent'),
      };
      const priced = priceCart(one.cart, promotions, { now: NOW, uses });
      const { total, tax, lines, applied, refused = {}, missing = {} } = one.expect;
      const amounts = Object.fromEntries(priced.applied.map(({ promotion, amount }) => [promotion, amount]));
      if (applied !== undefined) expect(amounts).toEqual(applied);
      expect(Object.fromEntries(priced.refused.map(({ promotion, code }) => [promotion, code]))).toEqual(
        refused,
      );
      for (const [id, what] of Object.entries(missing))
        expect(priced.refused.find(({ promotion }) => promotion === id)?.detail.missing).toBe(what);
      if (lines !== undefined)
        expect(Object.fromEntries(priced.lines.map(({ id, net }) => [id, net]))).toEqual(lines);
      if (tax !== undefined) expect(priced.tax).toBe(tax);
      expect(priced.total).toBe(total);
    });
  });
}
