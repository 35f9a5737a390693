/** A set of networks of random weights for which engines are opened. */

import type { QHeadConfig } from '../../shared/models/q-head.ts';
import { Q_HEAD, qHeadShapes } from '../../shared/models/q-head.ts';
import {
  SESSION_ENCODER,
  type SessionEncoderConfig,
  sessionEncoderShapes,
} from '../../shared/models/session-encoder.ts';
import { TEXT_ENCODER, type TextEncoderConfig, textEncoderShapes } from '../../shared/models/text-encoder.ts';
import { packParameters } from '../../shared/quantize.ts';
import type { Random } from '../../shared/random.ts';
import type { Tensors } from '../../shared/tensors.ts';
import { type Parameters, randomParameters } from './random-parameters.ts';

export interface CaseSize {
  session: SessionEncoderConfig;
  head: QHeadConfig;
  text: TextEncoderConfig;
  /** Of the product table. */
  rows: number;
}

export interface EngineCase extends CaseSize {
  /** As trained: session encoder, Q head, products. */
  parameters: Parameters;
  /** The same, packed. */
  first: Tensors;
  /** The text encoder as trained, and packed. */
  textParameters: Parameters;
  texts: Tensors;
}

/** What `train` makes of a shop with a dozen promotions. */
export const DEFAULT_SIZE: CaseSize = {
  session: SESSION_ENCODER,
  head: { sessionWidth: SESSION_ENCODER.width, contextWidth: 60, actionWidth: 56, ...Q_HEAD },
  text: { ...TEXT_ENCODER, vocabulary: 4096 },
  rows: 500,
};

export function randomCase(size: CaseSize, random: Random): EngineCase {
  const { rows, session, head, text } = size;
  const products = {
    shape: [rows, session.productWidth],
    data: new Float32Array(rows * session.productWidth),
  };
  products.data.forEach((_, i) => {
    products.data[i] = random.normal() / Math.sqrt(session.productWidth);
  });
  const parameters = {
    ...randomParameters(sessionEncoderShapes(session), random),
    ...randomParameters(qHeadShapes(head), random),
    'head.unit': { shape: [2], data: Float32Array.of(120, 35) },
    products,
  };
  const textParameters = randomParameters(textEncoderShapes(text), random);
  return {
    ...size,
    parameters,
    textParameters,
    first: packParameters(parameters),
    texts: packParameters(textParameters),
  };
}
