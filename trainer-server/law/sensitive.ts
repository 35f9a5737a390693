/** Attributes that a shop declares sensitive are used by nothing that decides. */

import { BadInput } from '../../shared/errors.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { attributesIn } from '../../shared/promotions/eligibility.ts';
import type { Shop } from '../../shared/shop.ts';

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
