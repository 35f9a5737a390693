/** A release's first group, read as something that decides. */

import type { FirstMeta, ProductColumns } from './bundle.ts';
import type { DecisionModel } from './decide.ts';
import { lookupOf } from './features/lookup.ts';
import type { Manifest } from './manifest.ts';

/** @param products the first group's columns, or the whole catalogue's, whose first rows are the same */
export function decisionModelOf(
  meta: FirstMeta,
  products: ProductColumns,
  { budgetPrice }: Pick<Manifest, 'budgetPrice'>,
): DecisionModel {
  return {
    spec: meta.features,
    products: lookupOf(products),
    promotions: new Map(meta.promotions.map((promotion) => [promotion.id, promotion])),
    sessionWidth: meta.session === undefined ? 0 : (meta.head?.sessionWidth ?? 0),
    trained: meta.head !== undefined,
    budgetCost: meta.budgetCost,
    budgetPrice,
    ...(meta.budgetMost === undefined ? {} : { budgetMost: meta.budgetMost }),
    exploration: meta.exploration,
    ...(meta.adaptation === undefined ? {} : { ownBound: meta.adaptation.bound }),
    masks: {
      locale: meta.shop.locale,
      ...(meta.shop.timeZone === undefined ? {} : { timeZone: meta.shop.timeZone }),
      ...(meta.law === undefined ? {} : { law: meta.law }),
    },
  };
}
