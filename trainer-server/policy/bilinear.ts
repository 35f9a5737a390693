/**
 * A generalised linear model of what follows a promotion p shown to a state x:
 *
 *   eta = base . x + w_p . [x, m],   w_p = sum over p's parts k of code_pk W_k
 *
 * where m is what the promotion means to this shopper. Rows of W that few promotions share are shrunk more (a
 * hierarchical prior: Gelman and Hill 2006, chapter 12), so that a promotion which was shown seldom is understood by
 * its kind. With the logistic link, effects add up in log-odds, where promotions act much alike on shoppers who buy
 * often and seldom; a linear model would need an interaction for that.
 */

import type { ActionCode } from './action-code.ts';
import { LBFGS, minimise } from './lbfgs.ts';
import { addRow, dotRow, type SparseRows } from './sparse-rows.ts';

/** The rows of decision i are offsets[i] to offsets[i + 1], as in PolicyData. */
export interface Design {
  count: number;
  offsets: Int32Array;
  /** Index of the promotion, [rows]. */
  promotion: Int32Array;
  /** Position of the logged action, [n]. */
  chosen: Int32Array;
  code: ActionCode;
  /** [n, x] */
  state: SparseRows;
  /** [rows, m] */
  meaning: SparseRows;
  /**
   * Most penalty of a weight before its part's own factor, [x + 1 + m], the constant between the two: what is known to
   * matter is shrunk little.
   */
  most: Float64Array;
}

export type Link = 'logit' | 'identity';

export interface BilinearOptions {
  link: Link;
  /** Ridge penalty of the base, in observations. */
  base: number;
  /** Of what promotions add, for what all of them share. */
  own: number;
}

export interface Bilinear {
  options: BilinearOptions;
  /** The solver's parameters, to start a near one from. */
  theta: Float64Array;
  /** By promotion, the base included: of the state, the constant, what the promotion means, [x + 1 + m]. */
  own: Float64Array[];
}

/**
 * @param y outcome of each logged action, [n]: 0 or 1 for 'logit'
 * @param rows the decisions to fit on
 */
export function fitBilinear(
  design: Design,
  y: ArrayLike<number>,
  rows: Int32Array,
  options: BilinearOptions,
  start?: Bilinear,
): Bilinear {
  const { code, state, meaning } = design;
  const width = state.width + 1 + meaning.width;
  const theta = start?.theta.slice() ?? new Float64Array(state.width + 1 + code.penalty.length * width);
  if (start === undefined) theta[state.width] = constantOf(y, rows, options.link);
  const own = design.code.parts.map(() => new Float64Array(width));
  const slopes = design.code.parts.map(() => new Float64Array(width));
  minimise(
    (x, gradient) => {
      expand(code, x, state.width + 1, own);
      gradient.fill(0);
      for (const slope of slopes) slope.fill(0);
      const loss = sumLoss(design, y, rows, options.link, own, slopes);
      collect(code, slopes, state.width + 1, gradient);
      return loss + addPenalty(design, options, x, gradient);
    },
    theta,
    LBFGS,
  );
  expand(code, theta, state.width + 1, own);
  return { options, theta, own };
}

/** eta of every row of a design (which may hold other decisions than it was fitted on), [rows]. */
export function predictBilinear({ own }: Bilinear, design: Design): Float64Array {
  const { offsets, promotion } = design;
  const out = new Float64Array(offsets[design.count]!);
  for (let i = 0; i < design.count; i++) {
    for (let row = offsets[i]!; row < offsets[i + 1]!; row++) {
      out[row] = etaAt(design, i, row, own[promotion[row]!]!);
    }
  }
  return out;
}

/** Loss of each of these decisions' logged outcomes: what penalties are chosen by. */
export function losses(
  { offsets, chosen }: Design,
  eta: Float64Array,
  y: ArrayLike<number>,
  rows: Int32Array,
  link: Link,
): Float64Array {
  return Float64Array.from(rows, (i) => lossAt(eta[offsets[i]! + chosen[i]!]!, y[i]!, link));
}

export const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));

function constantOf(y: ArrayLike<number>, rows: Int32Array, link: Link): number {
  let sum = 0;
  for (const i of rows) sum += y[i]!;
  const mean = sum / Math.max(1, rows.length);
  if (link === 'identity') return mean;
  const p = Math.min(1 - 1e-4, Math.max(1e-4, mean));
  return Math.log(p / (1 - p));
}

function lossAt(eta: number, y: number, link: Link): number {
  if (link === 'identity') return 0.5 * (eta - y) ** 2;
  // log(1 + e^eta) - y eta, in the form that does not overflow.
  return Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))) - y * eta;
}

function etaAt({ state, meaning }: Design, i: number, row: number, w: Float64Array): number {
  return dotRow(state, i, w, 0) + w[state.width]! + dotRow(meaning, row, w, state.width + 1);
}

function sumLoss(
  design: Design,
  y: ArrayLike<number>,
  rows: Int32Array,
  link: Link,
  own: readonly Float64Array[],
  slopes: readonly Float64Array[],
): number {
  const { state, meaning, offsets, promotion, chosen } = design;
  let loss = 0;
  for (const i of rows) {
    const row = offsets[i]! + chosen[i]!;
    const p = promotion[row]!;
    const eta = etaAt(design, i, row, own[p]!);
    loss += lossAt(eta, y[i]!, link);
    const error = (link === 'logit' ? logistic(eta) : eta) - y[i]!;
    const slope = slopes[p]!;
    addRow(state, i, error, slope, 0);
    slope[state.width]! += error;
    addRow(meaning, row, error, slope, state.width + 1);
  }
  return loss;
}

/** Base and parts to promotions. `from` is the width of the base. */
function expand(code: ActionCode, theta: Float64Array, from: number, own: readonly Float64Array[]): void {
  own.forEach((w, p) => {
    w.fill(0);
    for (let k = 0; k < from; k++) w[k] = theta[k]!;
    for (const { part, by } of code.parts[p]!) {
      const at = from + part * w.length;
      for (let k = 0; k < w.length; k++) w[k]! += by * theta[at + k]!;
    }
  });
}

/** Promotions' slopes to the base's and the parts'. */
function collect(
  code: ActionCode,
  slopes: readonly Float64Array[],
  from: number,
  gradient: Float64Array,
): void {
  slopes.forEach((slope, p) => {
    for (let k = 0; k < from; k++) gradient[k]! += slope[k]!;
    for (const { part, by } of code.parts[p]!) {
      const at = from + part * slope.length;
      for (let k = 0; k < slope.length; k++) gradient[at + k]! += by * slope[k]!;
    }
  });
}

function addPenalty(
  { code, state, most }: Design,
  options: BilinearOptions,
  theta: Float64Array,
  gradient: Float64Array,
): number {
  let loss = 0;
  const shrink = (at: number, penalty: number): void => {
    loss += 0.5 * penalty * theta[at]! ** 2;
    gradient[at]! += penalty * theta[at]!;
  };
  for (let k = 0; k < state.width; k++) shrink(k, options.base);
  code.penalty.forEach((relative, part) => {
    const from = state.width + 1 + part * most.length;
    for (let k = 0; k < most.length; k++) shrink(from + k, relative * Math.min(most[k]!, options.own));
  });
  return loss;
}
