/** Vectors of products that a release has no row for, by the trainer's arithmetic, from what a page shows of them. */

import type { CatalogueFile } from '../../shared/bundle.ts';
import type { EventItem, PackedVector } from '../../shared/event.ts';
import { productVector } from '../../shared/features/product-vector.ts';
import { productText } from '../../shared/features/profile-text.ts';
import { quantizeRows } from '../../shared/quantize.ts';
import type { ModelFiles } from '../model.ts';
import type { EncodeText } from './open-text.ts';

export type PlaceProduct = (product: EventItem) => Promise<PackedVector>;

/**
 * @param encode without it the other branches place a product
 * @returns undefined where the release does not say how its vectors are made
 */
export function openPlacing({ files }: ModelFiles, encode?: EncodeText): PlaceProduct | undefined {
  const catalogue = files.get('catalogue');
  if (catalogue === undefined) return undefined;
  const { fusion } = JSON.parse(new TextDecoder().decode(catalogue)) as CatalogueFile;
  if (fusion === undefined) return undefined;
  return async ({ title, category = [], ...product }) => {
    const words = title === undefined ? undefined : await encode?.(productText({ ...product, title }));
    const data = productVector({ ...product, category }, fusion, words);
    const { int8, scale } = quantizeRows({ shape: [1, data.length], data });
    return { int8: [...int8.data], scale: scale.data[0]! };
  };
}
