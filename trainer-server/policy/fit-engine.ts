/**
 * The data's share of a bilinear fit as graphs: nearly all of what a fit costs are two products of one large matrix with
 * a narrow one, which ONNX Runtime's kernels do several times as fast as loops over sparse rows.
 */

import {
  inferenceModel,
  matmul,
  mul,
  openSession,
  type Session,
  sigmoid,
  softplus,
  square,
  sub,
  sum,
  type Value,
} from '../graph/index.ts';

export type Link = 'logit' | 'identity';

/** Observations laid out for the kernels, in float32. */
export interface Observations {
  count: number;
  /** What is known of each, [n, width]. */
  x: Float32Array;
  /** The same transposed: the gradient's product then needs no copy. */
  transposed: Float32Array;
  width: number;
  /** 1 at the promotion that was taken, [n, promotions]. */
  taken: Float32Array;
  promotions: number;
}

/** What fits run on, and how long they may take. */
export interface Solver {
  engine: FitEngine;
  /** Whether time has run out: fits then end after a few steps, and only the strongest penalty is tried. */
  late(): boolean;
  /** Hears what is being fitted. */
  say(what: string): void;
}

export interface FitEngine {
  /**
   * Sum of losses, and its slopes by the weights, which are written into `slopes`.
   * @param y outcomes, [n]
   * @param weights of every promotion, [width, promotions]
   */
  loss(
    link: Link,
    observations: Observations,
    y: Float32Array,
    weights: Float32Array,
  ): Promise<{ loss: number; slopes: Float32Array }>;
  /** x [n, width] times weights [width, promotions]. */
  scores(x: Float32Array, weights: Float32Array, width: number, promotions: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export async function openFitEngine(): Promise<FitEngine> {
  const [logit, identity, product] = await Promise.all([
    openSession(lossModel('logit')),
    openSession(lossModel('identity')),
    openSession(productModel()),
  ]);
  const byLink: Record<Link, Session> = { logit, identity };
  return {
    async loss(link, { count, x, transposed, width, taken, promotions }, y, weights) {
      const { loss, slopes } = await byLink[link].run({
        x: { shape: [count, width], data: x },
        transposed: { shape: [width, count], data: transposed },
        taken: { shape: [count, promotions], data: taken },
        y: { shape: [count, 1], data: y },
        weights: { shape: [width, promotions], data: weights },
      });
      return { loss: loss!.data[0]!, slopes: slopes!.data };
    },
    async scores(x, weights, width, promotions) {
      const { scores } = await product.run({
        x: { shape: [x.length / width, width], data: x },
        weights: { shape: [width, promotions], data: weights },
      });
      return scores!.data;
    },
    async close() {
      await Promise.all([logit, identity, product].map((session) => session.close()));
    },
  };
}

function lossModel(link: Link): Uint8Array {
  return inferenceModel({
    inputs: {
      x: { dtype: 'f32', shape: ['n', 'width'] },
      transposed: { dtype: 'f32', shape: ['width', 'n'] },
      taken: { dtype: 'f32', shape: ['n', 'promotions'] },
      y: { dtype: 'f32', shape: ['n', 1] },
      weights: { dtype: 'f32', shape: ['width', 'promotions'] },
    },
    parameters: {},
    build: (_, __, { x, transposed, taken, y, weights }) => {
      const eta = sum(mul(matmul(x!, weights!), taken!), { axes: [1], keep: true });
      const error = sub(link === 'logit' ? sigmoid(eta) : eta, y!);
      return {
        loss: sum(lossOf(link, eta, y!, error)),
        slopes: matmul(transposed!, mul(taken!, error)),
      };
    },
  });
}

const lossOf = (link: Link, eta: Value, y: Value, error: Value): Value =>
  link === 'logit' ? sub(softplus(eta), mul(y, eta)) : mul(square(error), 0.5);

function productModel(): Uint8Array {
  return inferenceModel({
    inputs: {
      x: { dtype: 'f32', shape: ['n', 'width'] },
      weights: { dtype: 'f32', shape: ['width', 'promotions'] },
    },
    parameters: {},
    build: (_, __, { x, weights }) => ({ scores: matmul(x!, weights!) }),
  });
}
