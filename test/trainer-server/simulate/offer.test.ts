import { describe, expect, it } from 'vitest';
import type { Product } from '../../../shared/product.ts';
import type { Scope, Terms } from '../../../shared/promotion.ts';
import { type Offer, offerFor } from '../../../trainer-server/simulate/offer.ts';
import { planOf } from '../../../trainer-server/simulate/plan.ts';
import { createWorld } from '../../../trainer-server/simulate/world.ts';
import { SYNTHETIC_SHOP } from '../../helpers/synthetic-catalogue.ts';

const PRODUCTS: Product[] = [
  { sku: 'mug', title: 'mug', category: ['Home', 'Mugs'], price: 1000 },
  { sku: 'pan', title: 'pan', category: ['Home', 'Pans'], price: 3000 },
  { sku: 'rake', title: 'rake', category: ['Garden'], brand: 'Halden', price: 2000 },
];

/** The offer on one mug and two pans: 70.00 in all, 60.00 of it pans. The spare product is the mug. */
function offered(terms: Terms, scope?: Scope, rows = [0, 1], units = [1, 2]): Offer {
  const promotion = { id: 'it', terms, ...(scope === undefined ? {} : { scope }) };
  const created = createWorld({
    name: 'stationary',
    products: PRODUCTS,
    promotions: [promotion],
    shop: SYNTHETIC_SHOP,
    seed: 1,
  });
  const world = { ...created, shippingFee: 500, freeShippingFrom: 10_000 };
  const out = { usable: false, extraUnits: 0, extraRow: -1, saving: 0, cost: 0, sunk: 0, match: 0 };
  return offerFor(world, 1, planOf(world.catalogue, rows, units, 0), out);
}

describe('what terms mean for a basket of 70.00', () => {
  it('takes a percentage off what is in scope', () => {
    expect(offered({ type: 'percentage', percent: 20 })).toMatchObject({
      saving: 1400,
      cost: 1400,
      match: 0,
    });
    expect(offered({ type: 'percentage', percent: 20 }, { category: 'pans' })).toMatchObject({
      saving: 1200,
      match: 6 / 7,
    });
    expect(offered({ type: 'percentage', percent: 20 }, { brand: 'halden' }).usable).toBe(false);
  });

  it('takes an amount off, never more than the basket', () => {
    expect(offered({ type: 'fixed_amount', amount: 1500 })).toMatchObject({ saving: 1500, cost: 1500 });
    expect(offered({ type: 'fixed_amount', amount: 99_999 })).toMatchObject({ saving: 7000 });
  });

  it('asks for units up to a minimum, and gives up where too many are missing', () => {
    const terms = (minimum: number): Terms => ({ type: 'fixed_amount', amount: 500, minimum });
    expect(offered(terms(7000))).toMatchObject({ usable: true, extraUnits: 0 });
    expect(offered(terms(8500))).toMatchObject({ usable: true, extraUnits: 2, extraRow: 0, saving: 500 });
    expect(offered(terms(20_000)).usable).toBe(false);
  });

  it('ships free only where shipping would cost something, and that cost is lost in a return', () => {
    expect(offered({ type: 'free_shipping' })).toMatchObject({ saving: 500, cost: 500, sunk: 500 });
    expect(offered({ type: 'free_shipping' }, undefined, [1], [4]).usable).toBe(false);
  });

  it('gives the cheapest unit in scope free when three are bought', () => {
    const terms: Terms = { type: 'buy_x_get_y', buy: 2, get: 1, percent: 100 };
    expect(offered(terms)).toMatchObject({ usable: true, extraUnits: 0, saving: 1000 });
    expect(offered(terms, { category: 'Pans' })).toMatchObject({ extraUnits: 1, extraRow: 1, saving: 3000 });
    expect(offered(terms, { category: 'Garden' }).usable).toBe(false);
  });

  it('prices a bundle against its parts, adding the one that is missing', () => {
    expect(offered({ type: 'bundle', skus: ['mug', 'pan'], price: 3500 })).toMatchObject({
      usable: true,
      extraUnits: 0,
      saving: 500,
    });
    expect(offered({ type: 'bundle', skus: ['mug', 'rake'], percent: 10 })).toMatchObject({
      extraUnits: 1,
      extraRow: 2,
      saving: 300,
    });
    expect(offered({ type: 'bundle', skus: ['rake', 'unknown'], percent: 10 }).usable).toBe(false);
  });

  it('counts points at half a minor unit and messages at nothing', () => {
    expect(offered({ type: 'loyalty_points', points: 300 })).toMatchObject({
      saving: 0,
      cost: 150,
      sunk: 150,
    });
    expect(offered({ type: 'message' })).toMatchObject({ usable: true, saving: 0, cost: 0 });
  });
});
