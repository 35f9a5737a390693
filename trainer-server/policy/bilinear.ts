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
import type { Link, Observations, Solver } from './fit-engine.ts';
import { LBFGS, minimise } from './lbfgs.ts';

/** Rows of features laid one behind the other, [rows, width]. */
export interface Table {
  values: Float32Array;
  width: number;
}

/** The rows of decision i are offsets[i] to offsets[i + 1], as in PolicyData. */
export interface Design {
  solver: Solver;
  count: number;
  offsets: Int32Array;
  /** Index of the promotion, [rows]. */
  promotion: Int32Array;
  /** Position of the logged action, [n]. */
  chosen: Int32Array;
  code: ActionCode;
  /** [n, x] */
  state: Table;
  /** [rows, m] */
  meaning: Table;
  /**
   * Most penalty of a weight before its part's own factor, [x + 1 + m], the constant between the two: what is known to
   * matter is shrunk little.
   */
  most: Float64Array;
}

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
 * The logged actions of these decisions, as the engine takes them.
 * @param factor by which a decision's features are multiplied
 */
export function observe(
  { state, meaning, offsets, chosen, promotion, code }: Design,
  rows: Int32Array,
  factor: (i: number) => number = () => 1,
): Observations {
  const count = rows.length;
  const width = state.width + 1 + meaning.width;
  const promotions = code.parts.length;
  const x = new Float32Array(count * width);
  const transposed = new Float32Array(count * width);
  const taken = new Float32Array(count * promotions);
  rows.forEach((i, n) => {
    const row = offsets[i]! + chosen[i]!;
    const at = n * width;
    x.set(state.values.subarray(i * state.width, (i + 1) * state.width), at);
    x[at + state.width] = 1;
    x.set(meaning.values.subarray(row * meaning.width, (row + 1) * meaning.width), at + state.width + 1);
    const by = factor(i);
    for (let k = 0; k < width; k++) {
      if (by !== 1) x[at + k]! *= by;
      transposed[k * count + n] = x[at + k]!;
    }
    taken[n * promotions + promotion[row]!] = 1;
  });
  return { count, x, transposed, width, taken, promotions };
}

/** @param y outcome of each observation, [n]: 0 or 1 for 'logit' */
export async function fitBilinear(
  design: Design,
  seen: Observations,
  y: Float32Array,
  options: BilinearOptions,
  start?: Bilinear,
): Promise<Bilinear> {
  const { code, state, solver } = design;
  const { width, promotions } = seen;
  const theta = start?.theta.slice() ?? new Float64Array(state.width + 1 + code.penalty.length * width);
  if (start === undefined) theta[state.width] = constantOf(y, options.link);
  const own = code.parts.map(() => new Float64Array(width));
  const weights = new Float32Array(width * promotions);
  const penalties = penaltiesOf(design, options);
  await minimise(
    async (x, gradient) => {
      expand(code, x, state.width + 1, own);
      interleave(own, weights);
      const { loss, slopes } = await solver.engine.loss(options.link, seen, y, weights);
      gradient.fill(0);
      collect(code, slopes, width, state.width + 1, (by) => by, gradient);
      let penalty = 0;
      for (let k = 0; k < x.length; k++) {
        penalty += 0.5 * penalties[k]! * x[k]! ** 2;
        gradient[k]! += penalties[k]! * x[k]!;
      }
      return loss + penalty;
    },
    theta,
    { ...LBFGS, late: solver.late },
    curvatureOf(design, seen, y, options.link, penalties),
  );
  expand(code, theta, state.width + 1, own);
  return { options, theta, own };
}

/** eta of each observation's own promotion, [n]. */
export async function etaOf(
  { solver }: Design,
  { own }: Bilinear,
  seen: Observations,
): Promise<Float64Array> {
  const { x, width, promotions, taken } = seen;
  const scores = await solver.engine.scores(
    x,
    interleave(own, new Float32Array(width * promotions)),
    width,
    promotions,
  );
  const eta = new Float64Array(seen.count);
  for (let at = 0; at < scores.length; at++)
    if (taken[at] === 1) eta[Math.floor(at / promotions)] = scores[at]!;
  return eta;
}

/** eta of every row of the design, [rows]. */
export async function predictBilinear({ own }: Bilinear, design: Design): Promise<Float64Array> {
  const { offsets, promotion, state, meaning, solver } = design;
  const ofState = own.map((w) => w.subarray(0, state.width));
  const weights = interleave(ofState, new Float32Array(state.width * own.length));
  const scores = await solver.engine.scores(state.values, weights, state.width, own.length);
  const out = new Float64Array(offsets[design.count]!);
  for (let i = 0; i < design.count; i++) {
    for (let row = offsets[i]!; row < offsets[i + 1]!; row++) {
      const p = promotion[row]!;
      const w = own[p]!;
      let eta = scores[i * own.length + p]! + w[state.width]!;
      for (let k = 0, at = row * meaning.width; k < meaning.width; k++, at++)
        eta += meaning.values[at]! * w[state.width + 1 + k]!;
      out[row] = eta;
    }
  }
  return out;
}

/** Loss of each outcome: what penalties are chosen by. */
export function losses(eta: Float64Array, y: Float32Array, link: Link): Float64Array {
  return eta.map((each, i) => lossAt(each, y[i]!, link));
}

export const logistic = (eta: number): number => 1 / (1 + Math.exp(-eta));

const meanOf = (y: Float32Array): number => y.reduce((sum, each) => sum + each, 0) / Math.max(1, y.length);

function constantOf(y: Float32Array, link: Link): number {
  const mean = meanOf(y);
  if (link === 'identity') return mean;
  const p = Math.min(1 - 1e-4, Math.max(1e-4, mean));
  return Math.log(p / (1 - p));
}

function lossAt(eta: number, y: number, link: Link): number {
  if (link === 'identity') return 0.5 * (eta - y) ** 2;
  // log(1 + e^eta) - y eta, in the form that does not overflow.
  return Math.max(eta, 0) + Math.log1p(Math.exp(-Math.abs(eta))) - y * eta;
}

/** The loss's second derivatives where everybody answers alike: what the solver takes its first steps by. */
function curvatureOf(
  { code, state }: Design,
  { count, x, width, taken, promotions }: Observations,
  y: Float32Array,
  link: Link,
  penalties: Float64Array,
): Float64Array {
  const p = Math.min(0.5, Math.max(1e-3, meanOf(y)));
  const weight = link === 'logit' ? p * (1 - p) : 1;
  const squares = new Float32Array(width * promotions);
  for (let n = 0; n < count; n++) {
    const own = taken.subarray(n * promotions, (n + 1) * promotions).indexOf(1);
    for (let k = 0; k < width; k++) squares[k * promotions + own]! += weight * x[n * width + k]! ** 2;
  }
  const curvature = penalties.map((penalty) => penalty + 1e-3);
  collect(code, squares, width, state.width + 1, (by) => by * by, curvature);
  return curvature;
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

/** Adds promotions' slopes [width, promotions] to those of the base and of the parts. */
function collect(
  { parts }: ActionCode,
  slopes: Float32Array,
  width: number,
  from: number,
  weightOf: (by: number) => number,
  gradient: Float64Array,
): void {
  parts.forEach((own, p) => {
    for (let k = 0; k < from; k++) gradient[k]! += slopes[k * parts.length + p]!;
    for (const { part, by } of own) {
      const at = from + part * width;
      const weight = weightOf(by);
      for (let k = 0; k < width; k++) gradient[at + k]! += weight * slopes[k * parts.length + p]!;
    }
  });
}

/** By promotion, [width] each, to [width, promotions]. */
function interleave(own: readonly Float64Array[], out: Float32Array): Float32Array {
  own.forEach((w, p) => {
    for (let k = 0; k < w.length; k++) out[k * own.length + p] = w[k]!;
  });
  return out;
}

function penaltiesOf({ code, state, most }: Design, options: BilinearOptions): Float64Array {
  const penalties = new Float64Array(state.width + 1 + code.penalty.length * most.length);
  penalties.fill(options.base, 0, state.width);
  code.penalty.forEach((relative, part) => {
    const from = state.width + 1 + part * most.length;
    for (let k = 0; k < most.length; k++) penalties[from + k] = relative * Math.min(most[k]!, options.own);
  });
  return penalties;
}
