/** Attributes that a shop declares sensitive are used by nothing that decides. */

import { BadInput } from '../../shared/errors.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { attributesIn } from '../../shared/promotions/eligibility.ts';
import type { Shop } from '../../shared/shop.ts';
import type { Store } from '../store/store.ts';

/** @throws BadInput naming the attribute, and the feature list or the promotion that uses it */
export function refuseSensitive(
  { sensitive = [], attributes }: Pick<Shop, 'sensitive' | 'attributes'>,
  promotions: readonly Promotion[],
): void {
  const fix = 'It may stay in the data, where the parity audit reads it';
  for (const name of sensitive) {
    if (Object.hasOwn(attributes, name))
      throw new BadInput(
        { file: 'shop.json', field: `attributes.${name}` },
        'no attribute that is declared sensitive',
        name,
        fix,
      );
    const user = promotions.find(
      ({ eligibility }) => eligibility && attributesIn(eligibility).includes(name),
    );
    if (user !== undefined)
      throw new BadInput(
        { file: 'promotions.json', field: `${user.id}.eligibility` },
        'no attribute that is declared sensitive',
        name,
        fix,
      );
  }
}

const SETTING = 'sensitive ';

/** What a published release's shop.json declared holds for promotions that people offer by hand, too. */
export function declareSensitive(
  { settings }: Pick<Store, 'settings'>,
  site: string,
  names: readonly string[],
): void {
  settings.set(SETTING + site, JSON.stringify(names));
}

/** @throws BadInput where its eligibility asks for an attribute that the running release declares sensitive */
export function refuseSensitiveOffer(
  { settings }: Pick<Store, 'settings'>,
  site: string,
  { eligibility }: Promotion,
): void {
  const names = JSON.parse(settings.get(SETTING + site) ?? '[]') as string[];
  const used = eligibility && attributesIn(eligibility).find((name) => names.includes(name));
  if (used !== undefined)
    throw new BadInput({ field: 'promotion.eligibility' }, 'no attribute that is declared sensitive', used);
}
