/** The JSON documents inside a bundle. Nothing here may carry cost, margin, coupon codes or exact stock. */

import type { Exploration } from './choose.ts';
import type { FusionSpec } from './features/product-vector.ts';
import type { FeatureSpec } from './features/spec.ts';
import type { QHeadConfig } from './models/q-head.ts';
import type { SessionEncoderConfig } from './models/session-encoder.ts';
import type { TextEncoderConfig } from './models/text-encoder.ts';
import type { Minor } from './money.ts';
import type { Adaptation } from './policy/adaptation.ts';
import type { Promotion } from './promotion.ts';
import type { MaskSettings } from './promotions/masks.ts';
import type { StatedRelation } from './recommend/stated-relations.ts';
import type { Shop } from './shop.ts';

/** A promotion as shoppers' devices see it. */
export type PublicPromotion = Omit<Promotion, 'costPerUse' | 'budget' | 'caps' | 'attributes' | 'unread'>;

/** Columns over products: entry i of each belongs together. */
export interface ProductColumns {
  sku: string[];
  price: (Minor | null)[];
  /** Index into `categories`, -1 for none. */
  category: number[];
  /** Index into `brands`, -1 for none. */
  brand: number[];
  categories: string[][];
  brands: string[];
  /** 1 where the list price is above the price; absent where no product has one. */
  reduced?: number[];
}

/** first.json. The first rows of `products` are the rows of tensor `products` (int8) in first.safetensors. */
export interface FirstMeta {
  shop: Shop;
  features: FeatureSpec;
  /** Absent parts were not trained. */
  session?: SessionEncoderConfig;
  head?: QHeadConfig;
  promotions: PublicPromotion[];
  /** Cost of one use by promotion id, on this release's secret scale. */
  budgetCost: Record<string, number>;
  /** Highest price of budget that the head was trained for, its last context input; absent where it has none. */
  budgetMost?: number;
  exploration: Exploration;
  /** There were no logs to learn from yet: the promotions' own rules decide, and `exploration.uniformShare`. */
  firstWeeks?: true;
  /** How devices learn on from their shopper's own outcomes; absent where they are to learn nothing. */
  adaptation?: Adaptation;
  products: ProductColumns;
  /** What the law of the shop's region masks, as of this release. */
  law?: NonNullable<MaskSettings['law']>;
}

/** catalogue.json. The rows are those of products.safetensors. */
export interface CatalogueFile {
  products: ProductColumns & {
    title: string[];
    /** 1 where it can be bought. Exact stock stays in the trainer. */
    available: number[];
    image?: (string | null)[];
  };
  text?: TextEncoderConfig;
  /** What the merchant states of products and categories; absent where nothing. */
  relations?: StatedRelation[];
  /** Ranges of the catalogue, from which a product without a row gets its vector. */
  fusion?: FusionSpec;
}

/**
 * Packed tensors. A matrix `m` of [in, out] is `m` (int8) with `m.scale` (float32 [out]): value = int8 * scale.
 * A table of rows (product vectors, embeddings) is `t` (int8) with `t.scale` (float32 [rows]).
 * Vectors (biases, norms) stay float32. The ONNX files hold the same int8 values behind DequantizeLinear.
 */
export const SCALE_SUFFIX = '.scale';
