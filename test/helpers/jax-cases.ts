/**
 * The operator cases again, written with jax-js. Arrays are consumed by use: `.ref` keeps one for another.
 * Missing: products broadcast over the batches of both sides, whose axes jax-js 0.1.25 returns in the wrong order
 * ([2,1,3,4] times [3,4,2]); `values.test.ts` has a hand-worked one.
 */

import type * as Jax from '@jax-js/jax';
import { OPERATOR_CASES } from './operator-cases.ts';

type Array = Jax.Array;
type Inputs = Record<string, Array>;
type Form = (jax: typeof Jax, x: Inputs) => Array;

const ids = OPERATOR_CASES.gather!.indices!.i!;

/** One-hot rows stand for indexing: `picked` is the sum of x times them. */
const oneHot = ({ numpy: np }: typeof Jax, rows: number[], classes: number): Array =>
  np.array(rows.map((row) => Array.from({ length: classes }, (_, i) => (i === row ? 1 : 0)))) as Array;
const unit = ({ numpy: np }: typeof Jax, a: Array): Array =>
  a.ref.div(np.sqrt(np.sum(a.ref.mul(a), -1, { keepdims: true }).add(1e-12)));
const rowsLoss = (jax: typeof Jax, logits: Array, hot: Array): Array =>
  jax.numpy.sum(jax.nn.logSoftmax(logits, -1).mul(hot), -1).mul(-1);

export const JAX_CASES: Record<string, Form> = {
  abs: ({ numpy: np }, { a }) => np.absolute(a!),
  exp: ({ numpy: np }, { a }) => np.exp(a!),
  gelu: ({ nn }, { a }) => nn.gelu(a!, { approximate: true }),
  log: ({ numpy: np }, { a }) => np.log(a!),
  reciprocal: ({ numpy: np }, { a }) => np.reciprocal(a!),
  relu: ({ nn }, { a }) => nn.relu(a!),
  sigmoid: ({ nn }, { a }) => nn.sigmoid(a!),
  softplus: ({ nn }, { a }) => nn.softplus(a!),
  sqrt: ({ numpy: np }, { a }) => np.sqrt(a!),
  tanh: ({ numpy: np }, { a }) => np.tanh(a!),
  add: (_, { a, b }) => a!.add(b!),
  clamp: ({ numpy: np }, { a }) => np.clip(a!, 0, 0.5),
  div: (_, { a, b }) => a!.div(b!),
  maximum: ({ numpy: np }, { a }) => np.maximum(a!.ref, a!.mul(3)),
  minimum: ({ numpy: np }, { a, b }) => np.minimum(a!.mul(3), b!),
  mul: (_, { a, b }) => a!.mul(b!),
  neg: (_, { a }) => a!.neg(),
  square: ({ numpy: np }, { a }) => np.square(a!),
  sub: (_, { a, b }) => a!.sub(b!),
  gather: (jax, { a }) => jax.numpy.matmul(oneHot(jax, ids.data, 5), a!).reshape([2, 3, 3]),
  pick: (jax, { a }) => jax.numpy.sum(a!.mul(oneHot(jax, ids.data, 5).reshape([2, 3, 5])), -1),
  slice: ({ numpy: np }, { a }) => np.split(a!, [2, 5], 1)[1]!,
  contrastive: (jax, { a, b }) => {
    const scores = jax.numpy.matmul(unit(jax, a!), jax.numpy.matrixTranspose(unit(jax, b!))).div(0.5);
    const loss = (logits: Array): Array => jax.numpy.mean(rowsLoss(jax, logits, jax.numpy.eye(4)));
    return loss(scores.ref)
      .add(loss(jax.numpy.matrixTranspose(scores)))
      .mul(0.5);
  },
  crossEntropy: (jax, { a }) => {
    const weights = jax.numpy.array([
      [1, 0, 2],
      [0.5, 0, 1],
    ]);
    const each = rowsLoss(jax, a!, oneHot(jax, ids.data, 5).reshape([2, 3, 5]));
    return jax.numpy.sum(each.mul(weights)).div(4.5);
  },
  crossEntropyEach: (jax, { a }) => rowsLoss(jax, a!, oneHot(jax, ids.data, 5).reshape([2, 3, 5])),
  linear: ({ numpy: np }, { a, w, b }) => np.matmul(a!, w!).add(b!),
  matmul: ({ numpy: np }, { a, b }) => np.matmul(a!, b!),
  'matmul of both transposed': ({ numpy: np }, { a, b }) =>
    np.matmul(np.matrixTranspose(a!), np.matrixTranspose(b!)),
  l2Normalise: (jax, { a }) => unit(jax, a!),
  layerNorm: ({ numpy: np }, { a, g, b }) => {
    const centred = a!.ref.sub(np.mean(a!, -1, { keepdims: true }));
    const variance = np.mean(centred.ref.mul(centred.ref), -1, { keepdims: true });
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(g!)
      .add(b!);
  },
  logSoftmax: ({ nn }, { a }) => nn.logSoftmax(a!, -1),
  softmax: ({ nn }, { a }) => nn.softmax(a!, -1),
  gruCell: ({ numpy: np, nn }, { a, h, u, c }) => {
    const [xz, xr, xn] = np.split(a!, 3, 1);
    const [hz, hr, hn] = np.split(np.matmul(h!.ref, u!).add(c!), 3, 1);
    const update = nn.sigmoid(xz!.add(hz!));
    const candidate = np.tanh(xn!.add(nn.sigmoid(xr!.add(hr!)).mul(hn!)));
    return candidate.ref.add(update.mul(h!.sub(candidate)));
  },
  expand: ({ numpy: np }, { a }) => np.broadcastTo(a!, [2, 3, 4]),
  logSumExp: ({ nn }, { a }) => nn.logsumexp(a!, 0),
  max: ({ numpy: np }, { a }) => np.max(a!.mul(9), 1),
  mean: ({ numpy: np }, { a }) => np.mean(a!, [0, 2]),
  sum: ({ numpy: np }, { a }) => np.sum(a!, 1, { keepdims: true }),
  concat: ({ numpy: np }, { a, b }) => np.concatenate([a!.ref, b!, a!], 1),
  reshape: (_, { a }) => a!.reshape([3, 4]),
  transpose: ({ numpy: np }, { a }) => np.transpose(a!, [2, 0, 1]),
};
