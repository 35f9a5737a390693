/** What each promotion changes, for whom, and what it would earn to offer it to the best-ranked: lines of a report. */

import type { Random } from '../../shared/random.ts';
import type { Interval } from '../evaluate/intervals/interval.ts';
import { crossFittedRewards } from '../evaluate/reward-model.ts';
import type { PolicyData } from '../policy/policy-data.ts';
import { propensitiesOf } from '../policy/propensity.ts';
import { boughtAnyway } from './bought-anyway.ts';
import { clusteredMean } from './clustered-mean.ts';
import { type EffectScores, effectScores } from './effect-scores.ts';
import { effectBySlice, gainCurve, qini, ranked } from './ranking.ts';

/** Fewer decisions with or without a promotion than this say nothing about its effect. */
export const LEAST_PER_ARM = 100;
const SLICES = 10;

/** Numbers are in the log's own unit; `low` and `high` are the ends of 95 % intervals that draw whole visitors. */
export type UpliftLine =
  | ({ kind: 'effect'; promotion: string; group: 'everyone' | 'chosen' | 'others'; share: number } & Interval)
  | ({ kind: 'ranking'; promotion: string; measure: 'qini' } & Interval)
  | ({ kind: 'slice'; promotion: string; share: number } & Interval)
  | ({ kind: 'gain'; promotion: string; share: number } & Interval)
  | {
      kind: 'anyway';
      promotion: string;
      group: 'everyone' | 'chosen';
      offered: number;
      withheld: number;
      low: number;
      high: number;
    }
  | { kind: 'refused'; promotion: string; reason: string };

export interface UpliftInput {
  data: PolicyData;
  /** Predicted outcome of every eligible promotion, [rows], by a model that did not see these outcomes. */
  predicted: ArrayLike<number>;
  /** 1 where the shopper bought, else 0, [n]; undefined where the log does not tell. */
  bought: Float64Array | undefined;
  against: string;
  random: Random;
}

export function upliftReport(input: UpliftInput): UpliftLine[] {
  const { data, against } = input;
  const { propensity } = propensitiesOf(data);
  const rewards = crossFittedRewards(data);
  const purchases = input.bought && crossFittedRewards({ ...data, reward: input.bought });
  return data.promotions
    .filter((promotion) => promotion !== against)
    .flatMap((promotion) => {
      const pair = [promotion, against] as const;
      const scores = effectScores(data, data.reward, rewards, propensity, pair);
      const refused = refusal(scores, against);
      if (refused !== undefined) return [{ kind: 'refused' as const, promotion, reason: refused }];
      const bought =
        input.bought && purchases && effectScores(data, input.bought, purchases, propensity, pair);
      return linesOf(promotion, scores, bought, predictedEffect(input, scores, pair), input.random);
    });
}

/** Predicted effect of each scored decision. */
function predictedEffect(
  { data, predicted }: UpliftInput,
  { decision }: EffectScores,
  pair: readonly [string, string],
): Float64Array {
  const numbers = pair.map((id) => data.promotions.indexOf(id));
  return Float64Array.from(decision, (i) => {
    const own = data.promotion.subarray(data.offsets[i]!, data.offsets[i + 1]!);
    const [offered, withheld] = numbers.map((number) => predicted[data.offsets[i]! + own.indexOf(number)]!);
    return offered! - withheld!;
  });
}

function refusal({ logged }: EffectScores, against: string): string | undefined {
  if (Math.min(logged.offered, logged.withheld) >= LEAST_PER_ARM) return undefined;
  return `expected at least ${LEAST_PER_ARM} decisions that offered it and as many that chose ${against} where both could be chosen, got ${logged.offered} and ${logged.withheld}: log more of both`;
}

function linesOf(
  promotion: string,
  scores: EffectScores,
  bought: EffectScores | undefined,
  predicted: Float64Array,
  random: Random,
): UpliftLine[] {
  const { cluster } = scores;
  const effect = scores.offered.map((score, k) => score - scores.withheld[k]!);
  const chosen = (k: number): number => (predicted[k]! > 0 ? 1 : 0);
  const share = predicted.reduce((count, _, k) => count + chosen(k), 0) / predicted.length;
  const order = ranked(
    effect,
    cluster,
    predicted,
    predicted.map(() => random.next()),
  );
  const groups = [
    { group: 'everyone' as const, share: 1, weight: () => 1 },
    { group: 'chosen' as const, share, weight: chosen },
    { group: 'others' as const, share: 1 - share, weight: (k: number) => 1 - chosen(k) },
  ].filter((each) => each.share > 0);
  const about = { promotion };
  return [
    ...groups.map(({ group, share: part, weight }) => ({
      kind: 'effect' as const,
      ...about,
      group,
      share: part,
      ...clusteredMean(effect, cluster, weight),
    })),
    { kind: 'ranking', ...about, measure: 'qini', ...qini(order) },
    ...effectBySlice(order, SLICES).map((point) => ({ kind: 'slice' as const, ...about, ...point })),
    ...gainCurve(order, SLICES).map((point) => ({ kind: 'gain' as const, ...about, ...point })),
    ...(bought === undefined
      ? []
      : groups.flatMap(({ group, weight }) =>
          group === 'others'
            ? []
            : [
                {
                  kind: 'anyway' as const,
                  ...about,
                  group,
                  ...boughtAnyway(
                    clusteredMean(bought.offered, cluster, weight).value,
                    clusteredMean(bought.withheld, cluster, weight).value,
                  ),
                },
              ],
        )),
  ];
}
