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
