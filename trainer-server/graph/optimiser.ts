/** AdamW and clipping, as pure functions over graph values. */

import { type Graph, type Operand, undifferentiated, type Value } from './graph.ts';
import { sqrt } from './ops/activation.ts';
import { add, div, minimum, mul, square, sub } from './ops/arithmetic.ts';
import type { Shape } from './shape.ts';

/** Source: Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2. */
export interface AdamW {
  /** Decay of the first moment. */
  beta1: number;
  /** Decay of the second moment. */
  beta2: number;
  /** Added to the root of the second moment. */
  epsilon: number;
  /** Share of a parameter taken off per step and unit of learning rate; not part of the gradient. */
  weightDecay: number;
  /** Which parameters decay. Gains, biases and other vectors should not. */
  decays: (name: string, shape: Shape) => boolean;
  /** Largest global norm of all gradients together; Infinity never clips (Pascanu et al. 2013, arXiv 1211.5063). */
  clipNorm: number;
}

export const ADAMW: AdamW = {
  beta1: 0.9,
  beta2: 0.999,
  epsilon: 1e-8,
  weightDecay: 0.01,
  decays: (_, shape) => shape.length > 1,
  clipNorm: 1,
};

export interface Moments {
  first: Value;
  second: Value;
}

/** What the runner works out in double precision for step t, from 1, and feeds as scalars. */
export interface StepScalars {
  /** learningRate * sqrt(1 - beta2^t) / (1 - beta1^t) */
  stepSize: number;
  /** epsilon * sqrt(1 - beta2^t): both corrections outside the root (Kingma and Ba 2015, arXiv 1412.6980, section 2). */
  epsilon: number;
  /** 1 - learningRate * weightDecay, where parameters decay. */
  shrink?: number;
}

export function stepScalars(
  options: Pick<AdamW, 'beta1' | 'beta2' | 'epsilon' | 'weightDecay'>,
  decayed: boolean,
  step: number,
  learningRate: number,
): StepScalars {
  const correction = Math.sqrt(1 - options.beta2 ** step);
  return {
    stepSize: (learningRate * correction) / (1 - options.beta1 ** step),
    epsilon: options.epsilon * correction,
    ...(decayed && { shrink: 1 - learningRate * options.weightDecay }),
  };
}

/** Moments before the first step. */
export const initialMoments = (size: number): { first: Float32Array; second: Float32Array } => ({
  first: new Float32Array(size),
  second: new Float32Array(size),
});

/**
 * One step. Every value is of the parameter's shape, the scalars aside; `scale`, of the gradient, is a scalar too. Scalars
 * are multiplied with each other first: a pass over all parameters costs a millisecond per million.
 */
export function adamw(
  parameter: Value,
  moments: Moments,
  gradient: Value,
  scalars: Partial<Record<keyof StepScalars, Value>> & Record<'stepSize' | 'epsilon', Value>,
  { beta1, beta2 }: Pick<AdamW, 'beta1' | 'beta2'>,
  scale: Operand = 1,
): { parameter: Value } & Moments {
  const share1 = scale === 1 ? 1 - beta1 : mul(scale as Value, 1 - beta1);
  const share2 = scale === 1 ? 1 - beta2 : mul(square(scale as Value), 1 - beta2);
  const first = add(mul(moments.first, beta1), mul(gradient, share1));
  const second = add(mul(moments.second, beta2), mul(square(gradient), share2));
  const root = add(sqrt(second), scalars.epsilon);
  const step = mul(div(first, root), scalars.stepSize);
  const kept = scalars.shrink === undefined ? parameter : mul(parameter, scalars.shrink);
  return { parameter: sub(kept, step), first, second };
}

/** The norm of all gradients together, and the factor that brings it down to `clipNorm`. */
export function clipping(
  graph: Graph,
  gradients: readonly Value[],
  clipNorm: number,
): { norm: Value; factor: Operand } {
  const squares = gradients.map((gradient) => sumOfSquares(gradient));
  const norm = squares.length === 0 ? graph.constant(0) : sqrt(squares.reduce((a, b) => add(a, b)));
  if (clipNorm === Number.POSITIVE_INFINITY) return { norm, factor: 1 };
  // 1e-6 as in torch.nn.utils.clip_grad_norm_: no division by a zero norm.
  return { norm, factor: minimum(div(clipNorm, add(norm, 1e-6)), 1) };
}

/** Of a vector, in one pass. */
function sumOfSquares(x: Value): Value {
  const options = { shape: [], attributes: { keepdims: 0 } };
  return undifferentiated('ReduceSumSquare', [x, x.graph.constant([0], 'i64')], options);
}
