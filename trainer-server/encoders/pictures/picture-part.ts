/** The picture branch of a training: from the files of the data folder to vectors by row. */

import type { TrainingOptions } from '../../training-options.ts';
import type { Catalogue } from '../catalogue.ts';
import type { EncoderModels } from '../models.ts';
import { earlierPictures } from './picture-file.ts';
import { PICTURE_ENCODER, PICTURE_TRAINING, type PictureTrainingOptions } from './picture-options.ts';
import { readPictures } from './read-pictures.ts';
import { trainPictures } from './train-pictures.ts';

/** Refused pictures that are named while training; all are in the bundle's trainer/pictures-refused.json. */
const NAMED = 10;

/**
 * @param dir the data folder that pictures are relative to; nothing is read without one
 * @param content what else is known of the products: unit vectors [rows * width]
 */
export async function picturePart(
  dir: string | undefined,
  { products, trails }: Catalogue,
  content: Float32Array,
  options: TrainingOptions,
  settings: PictureTrainingOptions = PICTURE_TRAINING,
): Promise<Pick<EncoderModels, 'pictures' | 'refusedPictures'>> {
  if (dir === undefined || !products.some(({ image }) => image !== undefined)) return {};
  const { pixels, refused, absent } = await readPictures(dir, products, PICTURE_ENCODER.side);
  const { progress } = options;
  if (absent > 0)
    progress.say(`  ${absent} products name a picture that is no file of ${dir}: placed without it`);
  for (const { sku, file, reason } of refused.slice(0, NAMED))
    progress.say(`  picture left out: ${file} of product ${sku}: ${reason}`);
  if (refused.length > NAMED) progress.say(`  picture left out: ${refused.length - NAMED} more`);
  const from = await earlierPictures(options.from);
  const data = { pixels, content, trails, from: from?.parameters };
  const pictures = await trainPictures(data, options, settings);
  return { ...(pictures && { pictures }), refusedPictures: refused };
}
