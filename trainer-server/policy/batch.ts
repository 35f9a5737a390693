/** Padded batches of logged decisions, as a training graph takes them. */

import { MEANING_WIDTH } from '../../shared/features/actions.ts';
import type { Random } from '../../shared/random.ts';
import type { PolicyData } from './policy-data.ts';

export interface Batch {
  /** [batch, 1, state width] */
  state: Float32Array;
  /** [batch, widest, action width] */
  actions: Float32Array;
  /** 1 for an eligible promotion, 0 for padding, [batch, widest, 1]. */
  eligible: Float32Array;
}

/** Numbers of the terms before the inputs of known ids: see shared/features/actions.ts. */
const IDS_AT = (data: PolicyData, ids: number): number => data.termsWidth - ids - 1;

export interface BatchShape {
  size: number;
  widest: number;
  /** Promotions with an input of their own. */
  ids: number;
}

export interface BatchWish {
  /** Probability with which a promotion's own id is replaced by "unknown", so that terms are learned too. */
  forget?: { share: number; random: Random };
  /** The state's last input, for a head that takes the price of budget: one a decision, or one for all. */
  price?: ArrayLike<number> | number;
}

/**
 * Fills a batch, `into` one that nobody reads any more where it is given: thousands of fresh ones keep the garbage
 * collector busier than the training. Rows beyond `indices` repeat the first one, so that padding is never a division by zero; callers give
 * them no weight.
 */
export function batchOf(
  data: PolicyData,
  indices: ArrayLike<number>,
  shape: BatchShape,
  { forget, price }: BatchWish = {},
  into?: Batch,
): Batch {
  const { size, widest } = shape;
  const stateWidth = data.sessionWidth + data.contextWidth;
  const inputWidth = price === undefined ? stateWidth : stateWidth + 1;
  const width = data.termsWidth + MEANING_WIDTH;
  into?.actions.fill(0);
  into?.eligible.fill(0);
  const batch: Batch = into ?? {
    state: new Float32Array(size * inputWidth),
    actions: new Float32Array(size * widest * width),
    eligible: new Float32Array(size * widest),
  };
  const forgotten = new Set<number>();
  if (forget !== undefined) {
    for (let p = 0; p < data.promotions.length; p++)
      if (forget.random.next() < forget.share) forgotten.add(p);
  }
  for (let b = 0; b < size; b++) {
    const i = b < indices.length ? indices[b]! : indices[0]!;
    batch.state.set(data.states.subarray(i * stateWidth, (i + 1) * stateWidth), b * inputWidth);
    if (price !== undefined)
      batch.state[b * inputWidth + stateWidth] = typeof price === 'number' ? price : (price[b] ?? 0);
    for (let row = data.offsets[i]!, j = 0; row < data.offsets[i + 1]!; row++, j++) {
      const at = (b * widest + j) * width;
      const p = data.promotion[row]!;
      batch.actions.set(data.terms.subarray(p * data.termsWidth, (p + 1) * data.termsWidth), at);
      batch.actions.set(
        data.meaning.subarray(row * MEANING_WIDTH, (row + 1) * MEANING_WIDTH),
        at + data.termsWidth,
      );
      if (forgotten.has(p)) forgetId(batch.actions, at + IDS_AT(data, shape.ids), shape.ids);
      batch.eligible[b * widest + j] = 1;
    }
  }
  return batch;
}

function forgetId(actions: Float32Array, at: number, ids: number): void {
  actions.fill(0, at, at + ids);
  actions[at + ids] = 1;
}

/** Advantages of a batch's promotions, [batch, widest]. */
export function baseOf(
  data: PolicyData,
  advantage: Float32Array,
  part: Int32Array,
  { size, widest }: { size: number; widest: number },
): Float32Array {
  const out = new Float32Array(size * widest);
  part.forEach((i, b) => {
    out.set(advantage.subarray(data.offsets[i]!, data.offsets[i + 1]!), b * widest);
  });
  return out;
}
