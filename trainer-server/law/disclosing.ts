/** A slot that shows a price chosen from personal data says so by itself: the words travel with the promotion. */

import type { PublicPromotion } from '../../shared/bundle.ts';
import { DISCLOSURES } from '../../shared/promotions/law/law-rules.ts';

/**
 * With the words of the region's disclosure, unless its creative has words of its own for it. Devices take them away
 * where nothing personal chose.
 * @param id of the text; one of the shop's own has no words here
 */
export function disclosing(promotion: PublicPromotion, id: string | undefined): PublicPromotion {
  const words = id === undefined ? undefined : DISCLOSURES[id];
  const { creative } = promotion;
  if (words === undefined || creative === undefined) return promotion;
  // Last: where a page's language is missing, the first words that there are stand in.
  return { ...promotion, creative: { ...creative, disclosure: creative.disclosure ?? words } };
}
