/**
 * What the kernels accept. A bundle is signed but may still be wrong or hostile: sizes are checked here, and shapes
 * against them when tensors are read, before any memory is touched.
 */

import { BadInput } from '../errors.ts';
import { type QHeadConfig, qHeadShapes } from '../models/q-head.ts';
import { type SessionEncoderConfig, sessionEncoderShapes } from '../models/session-encoder.ts';
import { type TextEncoderConfig, textEncoderShapes } from '../models/text-encoder.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

/** The kernels work on whole vectors: hence multiples, of 1 where absent. */
type Limit = readonly [least: number, most: number, multiple?: number];

const TRANSFORMER = {
  layers: [1, 16],
  width: [8, 512, 8],
  heads: [1, 64],
  inner: [8, 2048, 8],
  length: [1, 1024],
} as const satisfies Record<string, Limit>;

const HEAD_WIDTH_MULTIPLE = 4;

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkSession(config: SessionEncoderConfig, tensors: Tensors): void {
  checkSizes('session', config, { ...TRANSFORMER, productWidth: [1, 1024] });
  checkHeads('session', config);
  checkShapes(tensors, sessionEncoderShapes(config));
}

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkText(config: TextEncoderConfig, tensors: Tensors): void {
  checkSizes('text', config, { ...TRANSFORMER, vocabulary: [4, 1 << 18], vectorWidth: [1, 1024] });
  checkHeads('text', config);
  checkShapes(tensors, textEncoderShapes(config));
}

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkHead(config: QHeadConfig, tensors: Tensors): void {
  checkSizes('head', config, {
    sessionWidth: [0, 1024],
    contextWidth: [0, 4096],
    actionWidth: [1, 4096],
    trunk: [1, 1024],
    hidden: [1, 1024],
  });
  checkShapes(tensors, { ...qHeadShapes(config), 'head.unit': [2] });
}

function checkSizes<C extends object>(part: string, config: C, limits: { [K in keyof C]: Limit }): void {
  for (const [name, [least, most, multiple = 1]] of Object.entries<Limit>(limits)) {
    const value = config[name as keyof C] as unknown;
    if (!(Number.isInteger(value) && (value as number) >= least && (value as number) <= most)) {
      throw new BadInput({ field: `${part}.${name}` }, `a whole number in ${least}..${most}`, `${value}`);
    }
    if ((value as number) % multiple !== 0) {
      throw new BadInput({ field: `${part}.${name}` }, `a multiple of ${multiple}`, `${value}`);
    }
  }
}

function checkHeads(part: string, { width, heads }: { width: number; heads: number }): void {
  if ((width / heads) % HEAD_WIDTH_MULTIPLE !== 0) {
    const field = `${part}.width / heads`;
    throw new BadInput({ field }, `a multiple of ${HEAD_WIDTH_MULTIPLE}`, `${width} / ${heads}`);
  }
}

function checkShapes(tensors: Tensors, shapes: Record<string, readonly number[]>): void {
  for (const [name, shape] of Object.entries(shapes)) {
    const { data } = tensorOf(tensors, name, shape);
    if (data instanceof Float32Array && !data.every(Number.isFinite)) {
      throw new BadInput({ field: name }, 'finite numbers', 'others');
    }
  }
}
