/** Every operator, in the order of the files. */

export {
  abs,
  exp,
  gelu,
  geluExact,
  log,
  reciprocal,
  relu,
  sigmoid,
  softplus,
  sqrt,
  tanh,
} from './activation.ts';
export { add, clamp, div, maximum, minimum, mul, neg, square, sub } from './arithmetic.ts';
export { cast, equal, greater, less, stopGradient, where } from './compare.ts';
export { causalMask, gather, iota, pick, rowAt, scatterAdd, slice, takeAlong } from './indexing.ts';
export {
  contrastive,
  crossEntropy,
  crossEntropyEach,
  huber,
  huberEach,
  oneHot,
  weightedMean,
} from './loss.ts';
export { linear, matmul } from './matmul.ts';
export { l2Normalise, layerNorm, logSoftmax, softmax } from './normalise.ts';
export { dropout } from './random.ts';
export { type GruParameters, gru, gruCell } from './recurrent.ts';
export { expand, logSumExp, max, mean, sum } from './reduce.ts';
export { concat, reshape, split, transpose, zeros } from './shape.ts';
