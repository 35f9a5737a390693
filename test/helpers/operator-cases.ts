/** One or more gradient cases for every operator; the tests check that none is missing. */

import * as ops from '../../trainer-server/graph/ops/all.ts';
import type { Case } from './differentiate.ts';

const A = [3, 4];
const unary = (f: (typeof ops)['exp'], range?: readonly [number, number]): Case => ({
  shapes: { a: A },
  ...(range && { range }),
  build: ({ a }) => f(a!),
});
const binary = (f: (typeof ops)['add'], range?: readonly [number, number]): Case => ({
  shapes: { a: [2, 3, 4], b: [3, 1] },
  ...(range && { range }),
  build: ({ a, b }) => f(a!, b!),
});
const ids = { i: { shape: [2, 3], data: [0, 4, 0, 2, 2, 0] } };

export const OPERATOR_CASES: Record<string, Case> = {
  abs: unary(ops.abs, [0.2, 1]),
  'abs of negatives': unary(ops.abs, [-1, -0.2]),
  exp: unary(ops.exp),
  gelu: unary(ops.gelu, [-3, 3]),
  geluExact: unary(ops.geluExact, [-3, 3]),
  log: unary(ops.log, [0.5, 2]),
  reciprocal: unary(ops.reciprocal, [0.5, 2]),
  relu: unary(ops.relu, [0.1, 1]),
  'relu of negatives': unary(ops.relu, [-1, -0.1]),
  sigmoid: unary(ops.sigmoid, [-3, 3]),
  softplus: unary(ops.softplus, [-3, 3]),
  sqrt: unary(ops.sqrt, [0.5, 2]),
  tanh: unary(ops.tanh),
  add: binary(ops.add),
  'add of a number': { shapes: { a: A }, build: ({ a }) => ops.add(2, a!) },
  clamp: { shapes: { a: A }, range: [0.1, 0.4], build: ({ a }) => ops.clamp(a!, 0, 0.5) },
  'clamp outside': { shapes: { a: A }, range: [0.6, 0.9], build: ({ a }) => ops.clamp(a!, 0, 0.5) },
  div: binary(ops.div, [0.5, 2]),
  maximum: { shapes: { a: A }, range: [0.2, 1], build: ({ a }) => ops.maximum(a!, ops.mul(a!, 3)) },
  minimum: {
    shapes: { a: A, b: [4] },
    range: [0.5, 1],
    build: ({ a, b }) => ops.minimum(ops.mul(a!, 3), b!),
  },
  mul: binary(ops.mul),
  neg: unary(ops.neg),
  square: unary(ops.square),
  sub: binary(ops.sub),
  stopGradient: { shapes: { a: A }, build: ({ a }) => ops.add(ops.stopGradient(ops.mul(a!, 0)), a!) },
  where: {
    shapes: { a: A, b: [4] },
    build: ({ a, b }) => ops.where(ops.greater(ops.stopGradient(ops.iota(a!, 4)), 1), a!, b!),
  },
  causalMask: { shapes: { a: [2, 4, 4] }, build: ({ a }) => ops.softmax(ops.add(a!, ops.causalMask(a!, 4))) },
  gather: { shapes: { a: [5, 3] }, indices: ids, build: ({ a, i }) => ops.gather(a!, i!) },
  pick: { shapes: { a: [2, 3, 5] }, indices: ids, build: ({ a, i }) => ops.pick(a!, i!) },
  rowAt: {
    shapes: { a: [3, 4, 2] },
    indices: { i: { shape: [3], data: [0, 3, 1] } },
    build: ({ a, i }) => ops.rowAt(a!, i!),
  },
  scatterAdd: {
    shapes: { a: [5, 3], b: [2, 3] },
    indices: ids,
    build: ({ a, b, i }) => ops.scatterAdd(a!, i!, b!, 0),
  },
  slice: { shapes: { a: [3, 6] }, build: ({ a }) => ops.slice(a!, 1, 2, 5) },
  takeAlong: { shapes: { a: [5, 3] }, indices: ids, build: ({ a, i }) => ops.takeAlong(a!, i!, 0) },
  contrastive: {
    shapes: { a: [4, 3], b: [4, 3] },
    build: ({ a, b }) => ops.contrastive(ops.l2Normalise(a!), ops.l2Normalise(b!), 0.5),
  },
  crossEntropy: {
    shapes: { a: [2, 3, 5] },
    indices: ids,
    build: ({ a, i }) => ops.crossEntropy(a!, i!, a!.graph.constant([1, 0, 2, 0.5, 0, 1], 'f32', [2, 3])),
  },
  'crossEntropy unweighted': {
    shapes: { a: [2, 3, 5] },
    indices: ids,
    build: ({ a, i }) => ops.crossEntropy(a!, i!),
  },
  crossEntropyEach: {
    shapes: { a: [2, 3, 5] },
    indices: ids,
    build: ({ a, i }) => ops.crossEntropyEach(a!, i!),
  },
  huber: {
    shapes: { a: A, b: A },
    range: [0.2, 1],
    build: ({ a, b }) => ops.huber(ops.mul(a!, 4), b!, { delta: 0.1 }),
  },
  huberEach: { shapes: { a: A }, build: ({ a }) => ops.huberEach(ops.mul(a!, 0.4), 0.5) },
  weightedMean: { shapes: { a: A, b: A }, range: [0.5, 1], build: ({ a, b }) => ops.weightedMean(a!, b!) },
  linear: { shapes: { a: [2, 3, 4], w: [4, 5], b: [5] }, build: ({ a, w, b }) => ops.linear(a!, w!, b!) },
  matmul: { shapes: { a: [3, 4], b: [4, 5] }, build: ({ a, b }) => ops.matmul(a!, b!) },
  'matmul of the first transposed': {
    shapes: { a: [4, 3], b: [4, 5] },
    build: ({ a, b }) => ops.matmul(a!, b!, { transposeA: true, scale: 0.5 }),
  },
  'matmul of the second transposed': {
    shapes: { a: [2, 3, 4], b: [2, 5, 4] },
    build: ({ a, b }) => ops.matmul(a!, b!, { transposeB: true, scale: 0.5 }),
  },
  'matmul of both transposed': {
    shapes: { a: [2, 4, 3], b: [2, 5, 4] },
    build: ({ a, b }) => ops.matmul(a!, b!, { transposeA: true, transposeB: true }),
  },
  'matmul of a batch with one matrix': {
    shapes: { a: [2, 3, 4], b: [4, 5] },
    build: ({ a, b }) => ops.matmul(a!, b!),
  },
  'matmul broadcast over batches': {
    shapes: { a: [2, 1, 3, 4], b: [3, 4, 2] },
    build: ({ a, b }) => ops.matmul(a!, b!),
  },
  l2Normalise: { shapes: { a: A }, range: [0.3, 1], build: ({ a }) => ops.l2Normalise(a!) },
  layerNorm: {
    shapes: { a: [2, 3, 8], g: [8], b: [8] },
    range: [-2, 2],
    build: ({ a, g, b }) => ops.layerNorm(a!, g!, b!),
  },
  logSoftmax: unary(ops.logSoftmax),
  softmax: unary(ops.softmax),
  gru: {
    shapes: { a: [2, 9, 3], w: [3, 12], u: [4, 12], b: [12], c: [12] },
    build: ({ a, w, u, b, c }) => ops.gru(a!, { input: w!, recurrent: u!, inputBias: b!, recurrentBias: c! }),
  },
  gruCell: {
    shapes: { a: [2, 12], h: [2, 4], u: [4, 12], c: [12] },
    build: ({ a, h, u, c }) => ops.gruCell(a!, h!, { recurrent: u!, recurrentBias: c! }),
  },
  expand: { shapes: { a: [3, 1] }, build: ({ a }) => ops.expand(a!, [2, 3, 4]) },
  logSumExp: { shapes: { a: [3, 4] }, build: ({ a }) => ops.logSumExp(a!, { axis: 0 }) },
  max: { shapes: { a: A }, build: ({ a }) => ops.max(ops.mul(a!, 9), { axis: 1 }) },
  mean: { shapes: { a: [2, 3, 4] }, build: ({ a }) => ops.mean(a!, { axes: [0, -1] }) },
  sum: { shapes: { a: [2, 3, 4] }, build: ({ a }) => ops.sum(a!, { axes: [1], keep: true }) },
  concat: { shapes: { a: [3, 2], b: [3, 4] }, build: ({ a, b }) => ops.concat([a!, b!, a!], 1) },
  reshape: { shapes: { a: [2, 6] }, build: ({ a }) => ops.reshape(a!, [3, -1]) },
  split: {
    shapes: { a: [3, 6] },
    build: ({ a }) => ops.mul(ops.split(a!, 3)[0]!, ops.split(a!, [2, 4])[0]!),
  },
  'split into many': {
    shapes: { a: [19, 2] },
    build: ({ a }) => ops.concat(ops.split(a!, 19, 0).reverse(), 0),
  },
  transpose: { shapes: { a: [2, 3, 4] }, build: ({ a }) => ops.transpose(a!, [2, 0, 1]) },
};

/** Operators that give integers, booleans, constants or noise, and so have no gradient of their own to check. */
export const WITHOUT_GRADIENT = ['cast', 'dropout', 'equal', 'greater', 'iota', 'less', 'oneHot', 'zeros'];
