/** Cross recommendation from a release's tables: for a product or a cart, with reasons in words and a joint price. */

import type { CatalogueFile, PublicPromotion } from '../bundle.ts';
import { type BehaviourEvent, itemsOf } from '../event.ts';
import type { Minor } from '../money.ts';
import { type CrossReason, complementsOf } from './complements.ts';
import { type JointOffer, jointOffer, type OfferedProduct } from './joint-offer.ts';
import { kindsOf } from './kinds.ts';
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
  readonly #kinds: (number | undefined)[];

  constructor(readonly release: CrossRelease) {
    const { products, relations } = release;
    this.#kinds = kindsOf(products.category);
    if (relations !== undefined && relations.length > 0)
      this.#stated = new StatedRelations(
        relations,
        products.sku.map((sku, row) => ({ sku, category: categoryOf(products, row) })),
      );
  }

  recommend(request: CrossRequest): CrossAnswer {
    const { cart, history, state, k } = request;
    const { recommender, products, shop } = this.release;
    const rows = cart.flatMap((sku) => recommender.rowOf(sku) ?? []);
    const bought = history.filter(({ name }) => name === 'purchase').flatMap(itemsOf);
    const tables = {
      rows: recommender.rows,
      complements: recommender.complements,
      stated: this.#stated,
      kindOf: (row: number) => this.#kinds[row],
    };
    const found = complementsOf(tables, {
      cart: rows,
      unwanted: new Set(bought.flatMap(({ sku }) => recommender.rowOf(sku) ?? [])),
      likely: recommendScores(recommender, { history, allowed: products.available }, state),
      k,
    });
    const titleOf = (row: number): string => products.title[row] || products.sku[row]!;
    const items = found.map(({ row, score, reasons }) => ({
      row,
      sku: products.sku[row]!,
      score,
      reasons: reasons.map((reason) => reasonWords(reason, titleOf, shop.locale)),
      because: reasons.map((reason) => becauseOf(reason, products.sku)),
    }));
    const bundle = this.#bundle(
      rows,
      found.map(({ row }) => row),
      request,
    );
    return { items, ...(bundle === undefined ? {} : { bundle }) };
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
