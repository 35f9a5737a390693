/**
 * What the kernels accept. A bundle is signed but may still be wrong or hostile: sizes are checked here, and shapes
 * against them when tensors are read, before any memory is touched.
 */

import { BadInput } from '../errors.ts';
import { type QHeadConfig, qHeadShapes } from '../models/q-head.ts';
import { type SessionEncoderConfig, sessionEncoderShapes } from '../models/session-encoder.ts';
import { type TextEncoderConfig, textEncoderShapes } from '../models/text-encoder.ts';
import { type Tensors, tensorOf } from '../tensors.ts';

interface Limit {
  least: number;
  most: number;
  /** The kernels work on whole vectors. */
  multiple?: number;
}

const TRANSFORMER = {
  layers: { least: 1, most: 16 },
  width: { least: 8, most: 512, multiple: 8 },
  heads: { least: 1, most: 64 },
  inner: { least: 8, most: 2048, multiple: 8 },
  length: { least: 1, most: 1024 },
} satisfies Record<string, Limit>;

const HEAD_WIDTH_MULTIPLE = 4;

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkSession(config: SessionEncoderConfig, tensors: Tensors): void {
  checkSizes('session', config, { ...TRANSFORMER, productWidth: { least: 1, most: 1024 } });
  checkHeads('session', config);
  checkShapes(tensors, sessionEncoderShapes(config));
}

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkText(config: TextEncoderConfig, tensors: Tensors): void {
  const vocabulary = { least: 4, most: 1 << 18 };
  checkSizes('text', config, { ...TRANSFORMER, vocabulary, vectorWidth: { least: 1, most: 1024 } });
  checkHeads('text', config);
  checkShapes(tensors, textEncoderShapes(config));
}

/** @throws BadInput for sizes beyond the limits, and for a tensor that is missing or of another shape */
export function checkHead(config: QHeadConfig, tensors: Tensors): void {
  checkSizes('head', config, {
    sessionWidth: { least: 0, most: 1024 },
    contextWidth: { least: 0, most: 4096 },
    actionWidth: { least: 1, most: 4096 },
    trunk: { least: 1, most: 1024 },
    hidden: { least: 1, most: 1024 },
  });
  checkShapes(tensors, { ...qHeadShapes(config), 'head.unit': [2] });
}

function checkSizes<C extends object>(part: string, config: C, limits: { [K in keyof C]: Limit }): void {
  for (const [name, limit] of Object.entries<Limit>(limits)) {
    const { least, most, multiple = 1 } = limit;
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
    const expected = `heads of a width that is a multiple of ${HEAD_WIDTH_MULTIPLE}`;
    throw new BadInput({ field: `${part}.heads` }, expected, `${width} / ${heads}`);
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
