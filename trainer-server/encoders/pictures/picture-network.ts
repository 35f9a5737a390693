/** The picture encoder as a graph: a patch transformer (Dosovitskiy et al. 2021, arXiv 2010.11929), mean of its states. */

import { transformerLayerShapes } from '../../../shared/models/session-encoder.ts';
import type { Tensor } from '../../../shared/tensors.ts';
import {
  add,
  dropout,
  inferenceModel,
  l2Normalise,
  layerNorm,
  linear,
  matmul,
  mean,
  type Session,
  type Value,
} from '../../graph/index.ts';
import { transformerLayer } from '../transformer.ts';
import type { PictureEncoderConfig } from './picture-options.ts';

/** Every parameter's shape. Matrices are [in, out]. */
export function pictureShapes(config: PictureEncoderConfig): Record<string, readonly number[]> {
  const { width: d, side, patch, inner } = config;
  const shapes: Record<string, readonly number[]> = {
    'picture.patch.w': [3 * patch * patch, d],
    'picture.patch.b': [d],
    'picture.position': [(side / patch) ** 2, d],
  };
  for (let layer = 0; layer < config.layers; layer++)
    Object.assign(shapes, transformerLayerShapes(`picture.l${layer}`, d, inner));
  return {
    ...shapes,
    'picture.lnf.g': [d],
    'picture.lnf.b': [d],
    'picture.project': [d, config.vectorWidth],
  };
}

/** Unit vectors [batch, vectorWidth] of patches [batch, patches, values]. */
export function pictureVectors(
  p: Record<string, Value>,
  patches: Value,
  config: PictureEncoderConfig,
  rate = 0,
): Value {
  let h = linear(patches, p['picture.patch.w']!, p['picture.patch.b']!);
  h = dropout(add(h, p['picture.position']!), rate);
  for (let layer = 0; layer < config.layers; layer++)
    h = transformerLayer(h, p, `picture.l${layer}`, { heads: config.heads, mask: 0, dropout: rate });
  const states = layerNorm(h, p['picture.lnf.g']!, p['picture.lnf.b']!);
  return l2Normalise(matmul(mean(states, { axes: [1] }), p['picture.project']!));
}

/** ONNX bytes: patches [batch, patches, values] to unit vectors. */
export function pictureOnnx(
  parameters: Record<string, Tensor<Float32Array>>,
  config: PictureEncoderConfig,
): Uint8Array {
  const { side, patch } = config;
  return inferenceModel({
    inputs: { patches: { dtype: 'f32', shape: ['batch', (side / patch) ** 2, 3 * patch * patch] } },
    parameters,
    build: (_, p, x) => ({ vector: pictureVectors(p, x.patches!, config) }),
  });
}

const BATCH = 64;

/** Unit vector of each picture, [pictures * vectorWidth]. @param pictures pixels as readPictures gives them */
export async function encodePictures(
  session: Session,
  config: PictureEncoderConfig,
  pictures: readonly Uint8Array[],
): Promise<Float32Array> {
  const { side, patch, vectorWidth } = config;
  const out = new Float32Array(pictures.length * vectorWidth);
  for (let from = 0; from < pictures.length; from += BATCH) {
    const some = pictures.slice(from, from + BATCH);
    const data = new Float32Array(some.length * side * side * 3);
    some.forEach((pixels, i) => {
      patchesInto(data, i * side * side * 3, pixels, config);
    });
    const shape = [some.length, (side / patch) ** 2, 3 * patch * patch];
    const { vector } = await session.run({ patches: { shape, data } });
    out.set(vector!.data, from * vectorWidth);
  }
  return out;
}

/** How a picture is looked at: moved, mirrored, lighter. */
export interface Glance {
  x: number;
  y: number;
  mirrored: boolean;
  light: number;
}

const STRAIGHT: Glance = { x: 0, y: 0, mirrored: false, light: 1 };

/** Writes a picture's patches, each its pixels row by row, scaled to -1..1; beyond its edge a picture goes on. */
export function patchesInto(
  out: Float32Array,
  at: number,
  pixels: Uint8Array,
  { side, patch }: Pick<PictureEncoderConfig, 'side' | 'patch'>,
  { x: dx, y: dy, mirrored, light }: Glance = STRAIGHT,
): void {
  const within = (place: number): number => Math.max(0, Math.min(side - 1, place));
  let to = at;
  for (let top = 0; top < side; top += patch)
    for (let left = 0; left < side; left += patch)
      for (let y = top; y < top + patch; y++)
        for (let x = left; x < left + patch; x++) {
          const column = within((mirrored ? side - 1 - x : x) + dx);
          const from = (within(y + dy) * side + column) * 3;
          for (let channel = 0; channel < 3; channel++)
            out[to++] = Math.min(255, pixels[from + channel]! * light) / 127.5 - 1;
        }
}
