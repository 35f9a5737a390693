/** A release's names as TypeScript: the SDK's calls then know the shop's slots, promotions and attributes. */

import type { FirstMeta } from '../../shared/bundle.ts';
import type { AttributeFeature } from '../../shared/features/spec.ts';

/**
 * A declaration file. A slot or promotion that the release does not know becomes an error of the compiler.
 * @param version of the release, for the file's own words
 */
export function siteTypes(
  { shop, features, promotions }: Pick<FirstMeta, 'shop' | 'features' | 'promotions'>,
  version: number,
): string {
  const slots = [...new Set([...shop.slots, ...features.slots])];
  return `// Written by \`promo-edge types\` from release ${version}. Write it again after each release.

declare global {
  interface PromoEdgeSite {
    slot: ${oneOf(slots, 'string')};
    promotion: ${oneOf(
      promotions.map(({ id }) => id),
      'never',
    )};
    attributes: ${attributesOf(features.attributes)};
  }
}

export {};
`;
}

function attributesOf(attributes: readonly AttributeFeature[]): string {
  if (attributes.length === 0) return 'Record<string, never>';
  const fields = attributes.map((attribute) => `${JSON.stringify(attribute.name)}?: ${typeOf(attribute)}`);
  return `{ ${fields.join('; ')} }`;
}

/** A category may take values that training never saw: the known ones are offered, any text is taken. */
function typeOf(attribute: AttributeFeature): string {
  if (attribute.kind !== 'category') return attribute.kind;
  return attribute.values.length === 0 ? 'string' : `${oneOf(attribute.values, 'string')} | (string & {})`;
}

const oneOf = (names: readonly string[], otherwise: string): string =>
  names.length === 0 ? otherwise : names.map((name) => JSON.stringify(name)).join(' | ');
