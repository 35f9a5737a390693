/**
 * What a shown discount changes for good. One that was seen stays seen, and costs at every decision that follows what the
 * response model says of a shopper who has seen more: dynamic programming with a known transition (Sutton and Barto
 * 2018, section 4.2). The sum over the decisions that did follow in the log is regressed on the state, since neither how
 * many they will be nor in which slots and moods can be read off the moment: at the cart more is at stake than on the
 * page that is visited next.
 *
 * How much that is depends on what will be shown: nothing where a discount is shown again, most where much is earned
 * without one. Under the logging policy it is the mean over what may be shown. The policy that is learned shows something
 * else: one step of policy iteration from there (Howard 1960) has it show what is best when its later cost is counted,
 * and by the envelope theorem the slope of its value is that promotion's own.
 */

import type { PolicyData } from './policy-data.ts';

/** Modelled, in the log's own unit, [rows]. */
export interface Rewards {
  reward: Float64Array;
  /** Of shoppers who have seen discounts worth TAUGHT more. */
  taught: Float64Array;
}

/** A discount of a fifth off everything, in the unit of the feature that remembers what was seen. */
const TAUGHT = 0.4;

/** The log had every visitor seen discounts worth TAUGHT more. */
export const taughtLog = (data: PolicyData): PolicyData => seenLog(data, (own) => own + TAUGHT);

/**
 * The log had every visitor seen the discounts that somebody else has seen: logs know long-standing visitors who have
 * seen few discounts, or nothing else, hardly at all, and good policies lead there.
 */
export function elsewhereLog(data: PolicyData): PolicyData {
  return seenLog(data, (_, i, seen) => seen[((i * STRIDE + data.count / 2) % data.count) | 0]!);
}

/** A prime far from any period of a log. */
const STRIDE = 7919;

function seenLog(
  data: PolicyData,
  seenBy: (own: number, i: number, seen: Float32Array) => number,
): PolicyData {
  const width = data.sessionWidth + data.contextWidth;
  const at = (i: number): number => i * width + data.lasting.column;
  const seen = Float32Array.from({ length: data.count }, (_, i) => data.states[at(i)]!);
  const states = data.states.slice();
  for (let i = 0; i < data.count; i++) states[at(i)] = seenBy(seen[i]!, i, seen);
  return { ...data, states };
}

/**
 * What a promotion adds to the state for good, times what that is worth later; the mean over a decision's promotions 0,
 * [rows].
 * @param worth of a unit more of what was seen, in all that follows each decision, [n]
 */
export function carriedOf({ count, offsets, lasting }: PolicyData, worth: Float64Array): Float64Array {
  const out = new Float64Array(offsets[count]!);
  for (let i = 0; i < count; i++) {
    const [from, to] = [offsets[i]!, offsets[i + 1]!];
    const mean = meanOf(lasting.adds.subarray(from, to));
    for (let row = from; row < to; row++) out[row] = worth[i]! * (lasting.adds[row]! - mean);
  }
  return out;
}

/** What one decision earns by a unit more of what was seen, where every promotion is shown alike, [n]. */
export function slopesOfMean({ count, offsets }: PolicyData, { reward, taught }: Rewards): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const [from, to] = [offsets[i]!, offsets[i + 1]!];
    return (meanOf(taught.subarray(from, to)) - meanOf(reward.subarray(from, to))) / TAUGHT;
  });
}

/**
 * Where the promotion is shown that is best when what it costs later is counted, [n].
 * @param later worth of each promotion, [rows]
 */
export function slopesOfBest(
  { count, offsets }: PolicyData,
  { reward, taught }: Rewards,
  later: Float64Array,
): Float64Array {
  const worth = (row: number): number => reward[row]! + later[row]!;
  return Float64Array.from({ length: count }, (_, i) => {
    let best = offsets[i]!;
    for (let row = best; row < offsets[i + 1]!; row++) if (worth(row) > worth(best)) best = row;
    return (taught[best]! - reward[best]!) / TAUGHT;
  });
}

function meanOf(values: Float64Array | Float32Array): number {
  let sum = 0;
  for (const x of values) sum += x;
  return sum / values.length;
}
