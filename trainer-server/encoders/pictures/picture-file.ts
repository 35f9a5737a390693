/** The picture encoder among a bundle's `trainer/` files: for products that come later, and for the next training. */

import {
  readTensorMetadata,
  readTensors,
  type Tensor,
  tensorOf,
  writeTensors,
} from '../../../shared/tensors.ts';
import { openSession, type Session } from '../../graph/index.ts';
import type { Bundle } from '../../release/bundle.ts';
import { pictureOnnx, pictureShapes } from './picture-network.ts';
import type { PictureEncoderConfig } from './picture-options.ts';

export const PICTURE_FILE = 'pictures.safetensors';

export interface PictureWeights {
  config: PictureEncoderConfig;
  parameters: Record<string, Tensor<Float32Array>>;
}

export const writePictureModel = ({ config, parameters }: PictureWeights): Uint8Array =>
  writeTensors(parameters, { config: JSON.stringify(config) });

/** @returns undefined where the release has none @throws BadInput for a missing tensor or one of another shape */
export async function earlierPictures(bundle: Bundle | undefined): Promise<PictureWeights | undefined> {
  const bytes = await bundle?.trainerFile(PICTURE_FILE);
  if (bytes === undefined) return undefined;
  const config = JSON.parse(readTensorMetadata(bytes, PICTURE_FILE).config!) as PictureEncoderConfig;
  const tensors = readTensors(bytes, PICTURE_FILE);
  const parameters = Object.fromEntries(
    Object.entries(pictureShapes(config)).map(([name, shape]) => [
      name,
      tensorOf(tensors, name, shape) as Tensor<Float32Array>,
    ]),
  );
  return { config, parameters };
}

export const openPictureSession = ({ config, parameters }: PictureWeights): Promise<Session> =>
  openSession(pictureOnnx(parameters, config));
