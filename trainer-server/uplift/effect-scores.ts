/**
 * Doubly robust scores of what a promotion does: over any group of shoppers chosen without looking at the outcome, the
 * mean of the scores is the group's mean effect. Source: Robins, Rotnitzky and Zhao 1994; as here Athey and Wager 2021,
 * arXiv 1702.02896, equation 7.
 */

import type { PolicyData } from '../policy/policy-data.ts';

/** Entry i of each array belongs to one decision in which both promotions could be chosen. */
export interface EffectScores {
  /** Position of the decision in the log. */
  decision: Int32Array;
  /** Of the outcome with the promotion, and without it. */
  offered: Float64Array;
  withheld: Float64Array;
  /** Visitor: the unit that intervals draw. */
  cluster: Int32Array;
  /** Decisions in which the log itself offered or withheld it. */
  logged: { offered: number; withheld: number };
}

/**
 * @param outcome what is counted, [n], the reward or another consequence
 * @param modelled the same outcome of every eligible promotion by a model that never saw the visitor, [rows]
 * @param propensity of the logged actions, [n]
 */
export function effectScores(
  data: PolicyData,
  outcome: Float64Array,
  modelled: Float64Array,
  propensity: Float64Array,
  [promotion, against]: readonly [string, string],
): EffectScores {
  const numbers = [data.promotions.indexOf(promotion), data.promotions.indexOf(against)] as const;
  const decision: number[] = [];
  const scores: [number[], number[]] = [[], []];
  const logged: [number, number] = [0, 0];
  for (let i = 0; i < data.count; i++) {
    const own = data.promotion.subarray(data.offsets[i]!, data.offsets[i + 1]!);
    const places = numbers.map((number) => own.indexOf(number));
    if (places.includes(-1)) continue;
    decision.push(i);
    places.forEach((place, arm) => {
      const expected = modelled[data.offsets[i]! + place]!;
      const taken = data.chosen[i] === place;
      if (taken) logged[arm]!++;
      scores[arm]!.push(expected + (taken ? (outcome[i]! - expected) / propensity[i]! : 0));
    });
  }
  return {
    decision: Int32Array.from(decision),
    offered: Float64Array.from(scores[0]),
    withheld: Float64Array.from(scores[1]),
    cluster: Int32Array.from(decision, (i) => data.visitor[i]!),
    logged: { offered: logged[0], withheld: logged[1] },
  };
}
