/** Cross recommendation from a release's tables: for a product or a cart, with reasons in words and a joint price. */

import type { CatalogueFile, PublicPromotion } from '../bundle.ts';
import { type BehaviourEvent, itemsOf } from '../event.ts';
import { cartOf } from '../features/digest.ts';
import type { Minor } from '../money.ts';
import { type CrossItem, type CrossReason, type CrossTables, complementsOf } from './complements.ts';
import { type JointOffer, jointOffer, type OfferedProduct } from './joint-offer.ts';
import { kindsOf } from './kinds.ts';
import { nextProducts } from './next-products.ts';
import { recentRows } from './parts.ts';
import { reasonWords } from './reason-words.ts';
import { type Recommender, recommendScores } from './recommend.ts';
import { StatedRelations } from './stated-relations.ts';

export interface CrossRequest {
  /** Skus; those without a row are left out. */
  cart: readonly string[];
  history: readonly BehaviourEvent[];
  /** The session encoder's, after `history`. */
  state?: Float32Array | undefined;
  k: number;
  /** Epoch ms, for promotions with a schedule; undefined where unknown. */
  now: number | undefined;
  /** Those that may be taken off the joint price. */
  promotions: readonly PublicPromotion[];
}

/** A reason without words, for pages that speak more than the shop's language. */
export interface Because {
  code: CrossReason['code'];
  /** What it goes with, was bought with or replaces. */
  sku?: string;
}

export interface CrossAnswer {
  items: { row: number; sku: string; score: number; reasons: string[]; because: Because[] }[];
  /** What belongs to the cart, at one price; absent where prices are missing or nothing completes it. */
  bundle?: JointOffer;
}

export interface CrossRelease {
  recommender: Recommender;
  products: CatalogueFile['products'];
  relations: CatalogueFile['relations'];
  shop: { currency: string; locale: string };
}

export class CrossRecommender {
  readonly #stated: StatedRelations | undefined;
  readonly #tables: CrossTables;

  constructor(readonly release: CrossRelease) {
    const { products, relations, recommender } = release;
    const kinds = kindsOf(products.category);
    if (relations !== undefined && relations.length > 0)
      this.#stated = new StatedRelations(
        relations,
        products.sku.map((sku, row) => ({ sku, category: categoryOf(products, row) })),
      );
    this.#tables = {
      rows: recommender.rows,
      complements: recommender.complements,
      stated: this.#stated,
      kindOf: (row) => kinds[row],
    };
  }

  recommend(request: CrossRequest): CrossAnswer {
    const { cart, history, state, k } = request;
    const { recommender, products } = this.release;
    const rows = cart.flatMap((sku) => recommender.rowOf(sku) ?? []);
    const bought = history.filter(({ name }) => name === 'purchase').flatMap(itemsOf);
    const found = complementsOf(this.#tables, {
      cart: rows,
      unwanted: new Set(bought.flatMap(({ sku }) => recommender.rowOf(sku) ?? [])),
      likely: recommendScores(recommender, { history, allowed: products.available }, state),
      k,
    });
    const items = this.#told(this.#sayable(found, recentRows(history, recommender.rowOf)[0]));
    const bundle = this.#bundle(
      rows,
      found.map(({ row }) => row),
      request,
    );
    return { items, ...(bundle === undefined ? {} : { bundle }) };
  }

  /** What comes next, in stock and new to the shopper, with the merchant's relations kept. */
  next({ history, state, k }: Pick<CrossRequest, 'history' | 'state' | 'k'>): CrossAnswer['items'] {
    const { recommender, products } = this.release;
    const { rowOf } = recommender;
    const seen = recentRows(history, rowOf)[0];
    const allowed = products.available;
    const found = nextProducts(this.#tables, {
      cart: cartOf({ history }, NO_PRODUCTS).flatMap(({ sku }) => rowOf(sku) ?? []),
      seen,
      likely: recommendScores(recommender, { history, excludeSeen: true, allowed }, state),
      k,
    });
    return this.#told(this.#sayable(found, seen));
  }

  /** Of a shopper who looked at nothing, nothing is said to fit it. @param seen a product that was looked at */
  #sayable(found: readonly CrossItem[], seen: number | undefined): readonly CrossItem[] {
    if (seen !== undefined) return found;
    const said = ({ code }: CrossReason): boolean => code !== 'likely';
    return found.map((item) => ({ ...item, reasons: item.reasons.filter(said) }));
  }

  #told(found: readonly CrossItem[]): CrossAnswer['items'] {
    const { products, shop } = this.release;
    const titleOf = (row: number): string => products.title[row] || products.sku[row]!;
    return found.map(({ row, score, reasons }) => ({
      row,
      sku: products.sku[row]!,
      score,
      reasons: reasons.map((reason) => reasonWords(reason, titleOf, shop.locale)),
      because: reasons.map((reason) => becauseOf(reason, products.sku)),
    }));
  }

  #bundle(
    cart: readonly number[],
    complements: readonly number[],
    { promotions, now }: Pick<CrossRequest, 'promotions' | 'now'>,
  ): JointOffer | undefined {
    const { recommender, products, shop } = this.release;
    const never = new Set(cart.flatMap((row) => [...(this.#stated?.related('never-with', row) ?? [])]));
    return jointOffer({
      cart: cart.map((row) => products.sku[row]!),
      complements: complements.map((row) => products.sku[row]!),
      product: (sku) => {
        const row = recommender.rowOf(sku);
        return row === undefined || never.has(row) ? undefined : offered(products, row);
      },
      promotions,
      currency: shop.currency,
      facts: { now },
    });
  }
}

/** A cart's prices do not matter here. */
const NO_PRODUCTS = { find: () => undefined };

function becauseOf(reason: CrossReason, skus: readonly string[]): Because {
  const { code } = reason;
  if (code === 'likely') return { code };
  return { code, sku: skus['beside' in reason ? reason.beside : reason.replaced]! };
}

/** Undefined for what has no price or cannot be had. */
function offered(products: CatalogueFile['products'], row: number): OfferedProduct | undefined {
  const price: Minor | null = products.price[row] ?? null;
  if (price === null || products.available[row] === 0) return undefined;
  const brand = products.brands[products.brand[row]!];
  return {
    sku: products.sku[row]!,
    price,
    category: categoryOf(products, row),
    ...(brand === undefined ? {} : { brand }),
  };
}

const categoryOf = (products: CatalogueFile['products'], row: number): readonly string[] =>
  products.categories[products.category[row]!] ?? [];
