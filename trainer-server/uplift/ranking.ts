/**
 * How well predicted effects rank shoppers. Area under the gain of offering to the best-ranked share, minus that of
 * offering at random: the Qini-weighted form of RATE, Yadlowsky, Fleming, Shah, Brunskill and Wager 2021, arXiv
 * 2111.07966, section 2. A gain is in the outcome's unit per shopper of the whole population.
 */

import type { Interval } from '../evaluate/intervals/interval.ts';
import { clusteredMean } from './clustered-mean.ts';

export interface RankedEffects {
  /** Scores of the effect, best-ranked shopper first. */
  effect: Float64Array;
  cluster: Int32Array;
}

/** Orders by falling prediction. Ties fall as `tiebreak`, [n], a random number each: their order must tell nothing. */
export function ranked(
  effect: ArrayLike<number>,
  cluster: ArrayLike<number>,
  predicted: ArrayLike<number>,
  tiebreak: ArrayLike<number>,
): RankedEffects {
  const order = Array.from({ length: effect.length }, (_, i) => i).sort(
    (a, b) => predicted[b]! - predicted[a]! || tiebreak[a]! - tiebreak[b]!,
  );
  return {
    effect: Float64Array.from(order, (i) => effect[i]!),
    cluster: Int32Array.from(order, (i) => cluster[i]!),
  };
}

/**
 * The Qini coefficient: 0 where the ranking is no better than chance. The shopper of rank k of n is offered the
 * promotion in all shares from k/n up, so the area is a weighted mean of the scores and has its interval.
 */
export function qini({ effect, cluster }: RankedEffects): Interval {
  const n = effect.length;
  return clusteredMean(
    effect.map((score, i) => score * (0.5 - (i + 0.5) / n)),
    cluster,
  );
}

export interface GainPoint extends Interval {
  /** Part of the shoppers that is offered the promotion, best-ranked first. */
  share: number;
}

/** The gain of offering to the best-ranked share against offering to nobody, at each of `points` equal steps. */
export function gainCurve({ effect, cluster }: RankedEffects, points: number): GainPoint[] {
  return Array.from({ length: points }, (_, k) => {
    const share = (k + 1) / points;
    const offered = Math.round(share * effect.length);
    const gains = effect.map((score, i) => (i < offered ? score : 0));
    return { share, ...clusteredMean(gains, cluster) };
  });
}

/** Mean effect in each of `groups` equal slices of the ranking, best first. */
export function effectBySlice({ effect, cluster }: RankedEffects, groups: number): GainPoint[] {
  const edge = (k: number): number => Math.round((k / groups) * effect.length);
  return Array.from({ length: groups }, (_, k) => ({
    share: (k + 1) / groups,
    ...clusteredMean(effect.subarray(edge(k), edge(k + 1)), cluster.subarray(edge(k), edge(k + 1))),
  }));
}
