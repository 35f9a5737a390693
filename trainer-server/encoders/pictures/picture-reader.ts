/** Pictures of products that a release does not know, through its picture encoder. */

import { BadInput } from '../../../shared/errors.ts';
import type { Product } from '../../../shared/product.ts';
import type { Bundle } from '../../release/bundle.ts';
import { earlierPictures, openPictureSession } from './picture-file.ts';
import { encodePictures } from './picture-network.ts';
import { readPictures } from './read-pictures.ts';

export interface SeenPictures {
  /** Unit vectors by place. */
  vectors: Map<number, Float32Array>;
  /** Why a picture was not seen, by place. */
  reasons: Map<number, string>;
}

export type PictureReader = (products: readonly (Product | undefined)[]) => Promise<SeenPictures>;

/**
 * @param dir the folder that pictures are relative to
 * @returns undefined without a folder @throws BadInput where the release learned nothing from pictures
 */
export async function pictureReader(
  bundle: Bundle,
  dir: string | undefined,
): Promise<PictureReader | undefined> {
  if (dir === undefined) return undefined;
  const model = await earlierPictures(bundle);
  if (model === undefined)
    throw new BadInput(
      { field: '--pictures' },
      'a bundle whose training learned from pictures',
      'none',
      'Train it on a data folder with the files that `image` names',
    );
  const session = await openPictureSession(model);
  return async (products) => {
    const told = products.map((product): Pick<Product, 'sku' | 'image'> => product ?? { sku: '' });
    const { pixels, refused } = await readPictures(dir, told, model.config.side);
    const { vectorWidth: width } = model.config;
    const all = await encodePictures(session, model.config, [...pixels.values()]);
    const vectors = new Map(
      [...pixels.keys()].map((place, i) => [place, all.subarray(i * width, (i + 1) * width)] as const),
    );
    const why = new Map(refused.map(({ place, reason }) => [place, reason]));
    const reasons = new Map<number, string>();
    told.forEach(({ image }, place) => {
      if (image === undefined || vectors.has(place)) return;
      reasons.set(place, why.get(place) ?? `${image} is no file of ${dir}`);
    });
    return { vectors, reasons };
  };
}
