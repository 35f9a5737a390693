/** What training found out about a shop's data and the device needs to read it the same way. */

import type { Minor } from '../money.ts';

/** How one declared attribute becomes numbers. */
export type AttributeFeature =
  | {
      name: string;
      kind: 'number';
      mean: number;
      deviation: number /** Ascending quantiles. */;
      edges: number[];
    }
  | { name: string; kind: 'boolean' }
  | {
      name: string;
      kind: 'category' /** Values with an input of their own; others share one. */;
      values: string[];
    };

export interface FeatureSpec {
  version: number;
  attributes: AttributeFeature[];
  slots: string[];
  /** Promotions with an input of their own; an unseen one is known by its terms alone. */
  promotions: string[];
  /** Category segments with an input of their own, lower case. */
  categories: string[];
  /** Words of searches with an input of their own: wishes ("sale", "gift"), not names of products. */
  words: string[];
  /** 15 ascending quantiles of the catalogue's prices; empty where it has none. */
  priceEdges: Minor[];
  /** A typical price, the unit in which amounts enter the network. */
  priceScale: Minor;
}
