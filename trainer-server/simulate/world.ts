/** A world: a catalogue, its promotions and the numbers that move its shoppers. */

import { BadInput } from '../../shared/errors.ts';
import type { Product } from '../../shared/product.ts';
import { NONE, NONE_ID, type Promotion } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import type { Shop } from '../../shared/shop.ts';
import { DEFAULT_ATTRIBUTES } from './attributes.ts';
import { builtInPromotions, roundMoney } from './built-in-promotions.ts';
import { type Calibration, calibrate } from './calibrate.ts';
import { type Catalogue, indexCatalogue } from './catalogue.ts';
import { giftCost, scopeMask } from './offer.ts';
import { drawPlan } from './plan.ts';
import type { WorldOptions } from './types.ts';
import { type WorldParameters, worldParameters } from './worlds.ts';

/** Monday 5 January 2026, UTC: where no events set the calendar. */
const DEFAULT_START = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;
const DEFAULT_SLOTS = ['home', 'product', 'cart'];
/** The shop's own terms, in typical baskets. */
const SHIPPING = { fee: 0.12, freeFrom: 2 };

/** Money in minor units. */
export interface World {
  name: string;
  parameters: WorldParameters;
  /** With the slots and attributes that this world uses. */
  shop: Shop;
  catalogue: Catalogue;
  calibration: Calibration;
  /** `none` included, first. */
  promotions: readonly Promotion[];
  /** Place of each promotion id in `promotions`. */
  indexOf: ReadonlyMap<string, number>;
  /** By promotion: the catalogue rows in scope, undefined for all. */
  scopes: readonly (Uint8Array | undefined)[];
  giftCosts: readonly number[];
  typicalBasket: number;
  shippingFee: number;
  freeShippingFrom: number;
  /** Place of each slot in a session, 0 to 1. */
  stages: readonly number[];
  startTs: number;
}

/**
 * Builds a world on any catalogue: without prices, categories or events the missing part is invented from the seed.
 * @throws BadInput for an unknown name, or where neither products nor events name a single product
 */
export function createWorld(options: WorldOptions): World {
  const parameters = worldParameters(options.name);
  const calibration = calibrate(options.events ?? []);
  const products = options.products.length > 0 ? options.products : productsSeen(calibration);
  if (products.length === 0) {
    throw new BadInput({ file: 'products.jsonl' }, 'at least one product, or events that name one', 'none');
  }
  const catalogue = indexCatalogue(products, calibration, options.shop.margin, options.seed);
  const typicalBasket = basketMedian(catalogue, calibration, options.seed);
  const given = options.promotions.filter(({ id }) => id !== NONE_ID);
  const shop = completed(options.shop);
  const builtIn = (): Promotion[] => builtInPromotions(catalogue, typicalBasket, shop.currency);
  const promotions = [NONE, ...(given.length > 0 ? given : builtIn())];
  return {
    name: options.name,
    parameters: { ...parameters, refundShare: calibration.refundShare || parameters.refundShare },
    shop,
    catalogue,
    calibration,
    promotions,
    indexOf: new Map(promotions.map(({ id }, at) => [id, at])),
    scopes: promotions.map(({ scope }) => scopeMask(scope, catalogue)),
    giftCosts: promotions.map((promotion) => giftCost(promotion, { catalogue, typicalBasket })),
    typicalBasket,
    shippingFee: roundMoney(SHIPPING.fee * typicalBasket),
    freeShippingFrom: roundMoney(SHIPPING.freeFrom * typicalBasket),
    stages: shop.slots.map(stageOf),
    startTs: startOf(calibration),
  };
}

/** Slots and attributes where the shop declares none. */
function completed(shop: Shop): Shop {
  return {
    ...shop,
    slots: shop.slots.length > 0 ? shop.slots : DEFAULT_SLOTS,
    attributes: Object.keys(shop.attributes).length > 0 ? shop.attributes : DEFAULT_ATTRIBUTES,
  };
}

function productsSeen({ popularity }: Calibration): Product[] {
  return [...popularity.keys()].map((sku) => ({ sku, title: '', category: [] }));
}

/** Median value of 400 baskets of average taste. */
function basketMedian(catalogue: Catalogue, calibration: Calibration, seed: number | string): number {
  const random = seeded(`${seed}/typical basket`);
  const total = catalogue.groupAppeal.reduce((sum, appeal) => sum + appeal, 0);
  const tastes = [...catalogue.groupAppeal].map((appeal, group) => ({ group, weight: appeal / total }));
  const values = Array.from({ length: 400 }, () => {
    const group = tastes[random.int(tastes.length)]!.group;
    return drawPlan(catalogue, calibration, { tastes, thrift: 0 }, group, random).value;
  });
  return values.sort((left, right) => left - right)[200]!;
}

/** Slots that say where they stand are placed by their name, the others in the order given. */
function stageOf(slot: string, at: number, slots: readonly string[]): number {
  if (/cart|basket|checkout|bag/i.test(slot)) return 1;
  if (/home|landing|start/i.test(slot)) return 0;
  if (/product|item|detail/i.test(slot)) return 0.5;
  if (/exit/i.test(slot)) return 0.7;
  if (/search|category|list/i.test(slot)) return 0.3;
  return slots.length > 1 ? at / (slots.length - 1) : 0.5;
}

function startOf({ lastTs }: Calibration): number {
  return lastTs === undefined ? DEFAULT_START : (Math.floor(lastTs / DAY_MS) + 1) * DAY_MS;
}
