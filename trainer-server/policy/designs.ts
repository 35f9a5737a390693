/** The features of a log as the convex fits read them: states, meanings, and what clicks have shown of the shopper. */

import { MEANING_WIDTH } from '../../shared/features/actions.ts';
import { actionCode } from './action-code.ts';
import { type Design, logistic, type Table } from './bilinear.ts';
import type { Solver } from './fit-engine.ts';
import type { PolicyData } from './policy-data.ts';
import type { ResponseOptions } from './response-tasks.ts';

/** @param mean most penalty of a promotion's mean effect */
export function designOf(data: PolicyData, solver: Solver, mean: number): Design {
  const state = { values: data.states, width: data.sessionWidth + data.contextWidth };
  return design(data, { code: actionCode(data), solver }, state, meaningOf(data), mean, []);
}

/** The click logits of all promotions beside the state, and of the promotion itself beside what it means. */
export function withClicks(
  data: PolicyData,
  plain: Design,
  eta: Float64Array,
  options: ResponseOptions,
): Design {
  const { width } = plain.state;
  const promotions = data.promotions.length;
  const motives = new Float32Array(data.count * promotions);
  const own = new Float32Array(data.promotion.length * 2);
  for (let i = 0; i < data.count; i++) {
    const [from, to] = [data.offsets[i]!, data.offsets[i + 1]!];
    let mean = 0;
    for (let row = from; row < to; row++) mean += eta[row]! / (to - from);
    for (let row = from; row < to; row++) {
      const p = data.promotion[row]!;
      // `none` cannot be clicked: its place says how clickable everything is.
      motives[i * promotions + p] = p === 0 ? mean / 2 + 1 : eta[row]! - mean;
      own[2 * row] = eta[row]! / 2 + 1;
      own[2 * row + 1] = 2 * logistic(eta[row]!);
    }
  }
  const state = beside(plain.state, { values: motives, width: promotions });
  const meaning = beside(plain.meaning, { values: own, width: 2 });
  const light = [
    ...Array.from({ length: promotions }, (_, p) => width + p),
    ...[0, 1].map((k) => state.width + 1 + plain.meaning.width + k),
  ];
  return design(data, plain, state, meaning, options.mean, light, options.click);
}

/**
 * What a promotion means to this shopper, and its discount times those seen before: who has learned to wait stops waiting
 * for it. Of an offer for part of the catalogue that is as true as it covers what is wanted, which no weight of the
 * promotion's own on what was seen can say.
 */
function meaningOf({ count, offsets, meaning, lasting, states, ...data }: PolicyData): Table {
  const width = data.sessionWidth + data.contextWidth;
  const relief = new Float32Array(offsets[count]!);
  for (let i = 0; i < count; i++) {
    const seen = states[i * width + lasting.column]!;
    for (let row = offsets[i]!; row < offsets[i + 1]!; row++) relief[row] = 2 * seen * lasting.adds[row]!;
  }
  return beside({ values: meaning, width: MEANING_WIDTH }, { values: relief, width: 1 });
}

function design(
  { count, offsets, promotion, chosen }: PolicyData,
  { code, solver }: Pick<Design, 'code' | 'solver'>,
  state: Table,
  meaning: Table,
  mean: number,
  light: readonly number[],
  lightly = 0,
): Design {
  const most = new Float64Array(state.width + 1 + meaning.width).fill(Number.POSITIVE_INFINITY);
  most[state.width] = mean;
  for (const k of light) most[k] = lightly;
  return { solver, count, offsets, promotion, chosen, code, state, meaning, most };
}

/** Two tables of as many rows side by side. */
function beside(left: Table, right: Table): Table {
  const width = left.width + right.width;
  const rows = right.values.length / right.width;
  const values = new Float32Array(rows * width);
  place(left, values, width, 0);
  place(right, values, width, left.width);
  return { values, width };
}

/** Number by number: rows are narrow, and a view of each of half a million costs more than what it copies. */
function place({ values, width }: Table, into: Float32Array, stride: number, from: number): void {
  const rows = values.length / width;
  for (let i = 0, at = 0; i < rows; i++)
    for (let k = 0, to = i * stride + from; k < width; k++) into[to++] = values[at++]!;
}
