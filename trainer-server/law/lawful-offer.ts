/** What the law keeps the running release's devices from showing is not offered by hand, either. */

import { BadInput } from '../../shared/errors.ts';
import type { Promotion } from '../../shared/promotion.ts';
import type { LawRules } from '../../shared/promotions/law/law-rules.ts';
import { falseUrgency, movedEnds } from '../../shared/promotions/law/urgency.ts';
import type { Store } from '../store/store.ts';

export interface DeclaredLaw {
  /** Why a promotion may not be shown, by id, as of the release. */
  masked: Record<string, string>;
  countdown: LawRules['countdown'];
}

const SETTING = 'law ';
/** Where no release ever said: as `lawRulesOf` reads a shop without a region. */
const UNDECLARED: DeclaredLaw = { masked: {}, countdown: 'true-end' };

/** What a published release found holds for promotions that people offer by hand, too. */
export function declareLaw({ settings }: Pick<Store, 'settings'>, site: string, law: DeclaredLaw): void {
  settings.set(SETTING + site, JSON.stringify(law));
}

/**
 * Prices are judged by the release, which has their history; countdowns as they are offered.
 * @param live what can be claimed under the same id now, whose countdown must not be put off
 * @throws BadInput where the law forbids to show it
 */
export function refuseUnlawfulOffer(
  { settings }: Pick<Store, 'settings'>,
  site: string,
  promotion: Promotion,
  live: Promotion | undefined,
): void {
  const { masked, countdown } = JSON.parse(
    settings.get(SETTING + site) ?? JSON.stringify(UNDECLARED),
  ) as DeclaredLaw;
  const fix = 'Release anew where prices or terms have changed since';
  if (Object.hasOwn(masked, promotion.id))
    throw new BadInput({ field: 'promotion.id' }, 'one that may be shown', masked[promotion.id]!, fix);
  const putOff = countdown !== 'free' && live !== undefined && movedEnds([live], [promotion]).length > 0;
  const wrong = putOff ? 'the end of its countdown was put off' : falseUrgency(promotion, { countdown });
  if (wrong !== undefined)
    throw new BadInput({ field: 'promotion.creative' }, 'a countdown that is true', wrong);
}
