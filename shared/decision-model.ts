/** A release's first group, read as something that decides. */

import type { FirstMeta, ProductColumns } from './bundle.ts';
import type { DecisionModel } from './decide.ts';
import { defined } from './defined.ts';
import { lookupOf } from './features/lookup.ts';
import type { Manifest } from './manifest.ts';
import type { MaskSettings } from './promotions/masks.ts';

/** @param products the first group's columns, or the whole catalogue's, whose first rows are the same */
export function decisionModelOf(
  meta: FirstMeta,
  products: ProductColumns,
  { budgetPrice }: Pick<Manifest, 'budgetPrice'>,
): DecisionModel {
  return defined<DecisionModel>({
    spec: meta.features,
    products: lookupOf(products),
    promotions: new Map(meta.promotions.map((promotion) => [promotion.id, promotion])),
    sessionWidth: meta.session === undefined ? 0 : (meta.head?.sessionWidth ?? 0),
    trained: meta.head !== undefined,
    firstWeeks: meta.firstWeeks,
    budgetCost: meta.budgetCost,
    budgetPrice,
    budgetMost: meta.budgetMost,
    exploration: meta.exploration,
    ownBound: meta.adaptation?.bound,
    masks: defined<MaskSettings>({
      locale: meta.shop.locale,
      timeZone: meta.shop.timeZone,
      law: meta.law,
    }),
  });
}
