/** Random carts with random promotions, made to collide: few skus, small sums beside huge ones, ties, overlapping scopes. */

import type { Caps, Promotion, Scope, Terms } from '../../shared/promotion.ts';
import type { Cart, CartLine } from '../../shared/promotions/cart.ts';
import type { Uses } from '../../shared/promotions/facts.ts';
import type { Random } from '../../shared/random.ts';

export interface RandomOrder {
  cart: Cart;
  promotions: Promotion[];
  uses: Uses;
}

const SKUS = ['a', 'b', 'c', 'd', 'e', 'f'];
const CATEGORIES = [['Tea', 'Green'], ['Tea', 'Oolong'], ['Home'], []];
const BRANDS = ['Yunhe', 'KILN', undefined];
const PERCENTS = [0, 1, 5, 7.5, 10, 12.5, 15, 20, 25, 33.3333, 50, 66.67, 99.99, 100];
const RATES = { standard: 19, reduced: 7, local: 8.875, none: 0 };
const CLASSES = ['standard', 'reduced', 'local', 'none', undefined];

export function randomOrder(random: Random, { lines = 6, promotions = 6 } = {}): RandomOrder {
  const cart = randomCart(random, random.int(lines + 1));
  const list = Array.from({ length: random.int(promotions + 1) }, (_, i) => randomPromotion(`p${i}`, random));
  const counts = new Map(
    list.map(({ id }) => [id, { one: random.int(3), all: random.int(6), spent: random.int(5000) }]),
  );
  return {
    cart,
    promotions: list,
    uses: {
      bySubject: (id) => counts.get(id)!.one,
      total: (id) => counts.get(id)!.all,
      spent: (id) => counts.get(id)!.spent,
    },
  };
}

export function randomCart(random: Random, count: number): Cart {
  // One cart in twenty has amounts whose products pass 2^53.
  const most = random.int(20) === 0 ? 2e9 : [20, 1000, 50_000][random.int(3)]!;
  const lines = Array.from({ length: count }, (_, i): CartLine => {
    const brand = pick(BRANDS, random);
    const taxClass = pick(CLASSES, random);
    return {
      id: `${String.fromCharCode(97 + ((i * 7) % 26))}${i}`,
      sku: pick(SKUS, random),
      quantity: 1 + random.int(random.int(5) === 0 ? 12 : 4),
      unitPrice: random.int(12) === 0 ? 0 : random.int(most),
      category: pick(CATEGORIES, random),
      ...(brand === undefined ? {} : { brand }),
      ...(taxClass === undefined ? {} : { taxClass }),
    };
  });
  return {
    lines,
    shipping: random.int(3) === 0 ? 0 : random.int(1500),
    currency: pick(['EUR', 'JPY', 'KWD'], random),
    tax: pick(['included', 'excluded', 'none'] as const, random),
    taxRates: RATES,
    taxRounding: pick(['line', 'rate'] as const, random),
  };
}

export function randomPromotion(id: string, random: Random): Promotion {
  const maybe = (): boolean => random.int(4) === 0;
  const scope = pick(SCOPES, random);
  const caps: Caps = {
    ...(maybe() ? { perShopper: 1 + random.int(3) } : {}),
    ...(maybe() ? { total: 1 + random.int(6) } : {}),
    ...(maybe() ? { perOrder: 1 + random.int(3) } : {}),
  };
  return {
    id,
    terms: randomTerms(random),
    ...(scope === undefined ? {} : { scope }),
    ...(maybe() ? { priority: random.int(3) - 1 } : {}),
    ...(maybe() ? { exclusiveGroup: pick(['g', 'h'], random) } : {}),
    ...(random.int(6) === 0 ? { stackable: false } : {}),
    ...(maybe() ? { maximumDiscount: random.int(2000) } : {}),
    ...(maybe() ? { costPerUse: random.int(500) } : {}),
    ...(random.int(10) === 0 ? { currency: 'EUR' } : {}),
    ...(maybe() ? { budget: { amount: random.int(20_000) } } : {}),
    caps,
  };
}

const SCOPES: readonly (Scope | undefined)[] = [
  undefined,
  undefined,
  undefined,
  { category: 'tea' },
  { category: 'OOLONG' },
  { brand: 'yunhe' },
  { skus: ['a', 'b'] },
  { skus: ['c'], category: 'Home' },
  { skus: ['a', 'c', 'e'], brand: 'Kiln' },
];

function randomTerms(random: Random): Terms {
  const percent = pick(PERCENTS, random);
  const amount = random.int([50, 3000, 100_000][random.int(3)]!);
  const minimum = random.int(2) === 0 ? {} : { minimum: random.int(5000) };
  const skus = Array.from({ length: 2 + random.int(2) }, () => pick(SKUS, random));
  const kinds: Terms[] = [
    { type: 'percentage', percent },
    { type: 'flash_sale', percent },
    { type: 'fixed_amount', amount, ...minimum },
    { type: 'coupon', percent, ...minimum },
    { type: 'coupon', amount, ...minimum },
    { type: 'free_shipping', ...minimum },
    { type: 'buy_x_get_y', buy: 1 + random.int(3), get: 1 + random.int(3), percent },
    { type: 'buy_x_get_y', buy: 1, get: 1, percent: 100 },
    { type: 'bundle', skus, percent },
    { type: 'bundle', skus, price: random.int(3) === 0 ? 0 : amount },
    { type: 'gift', sku: 'g' },
    { type: 'loyalty_points', points: 10 },
    { type: 'message' },
  ];
  return pick(kinds, random);
}

const pick = <T>(items: readonly T[], random: Random): T => items[random.int(items.length)]!;
