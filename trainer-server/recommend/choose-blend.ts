/** Which way of counting, and which mixture, when an earlier release's period is to be kept. */

import { PARTS, type Part } from '../../shared/recommend/parts.ts';
import type { Blend } from '../../shared/recommend/recommend.ts';
import { rankUnder, type ScoredCase, worthOf } from './blend-case.ts';
import { blendQuality, fitBlend } from './fit-blend.ts';

/** The same questions under one way of counting. */
export interface Way {
  fresh: readonly ScoredCase[];
  /** Of the earlier period; none where nothing is gone on from. */
  older: readonly ScoredCase[];
}

/** The release that is gone on from. */
export interface Before {
  blend: Blend;
  /** What its answers to the older questions were worth, in their order. */
  worths: readonly number[];
  /** Share of that which may be lost for the sake of the new period; MAY_FORGET where absent. */
  mayForget?: number | undefined;
}

export interface Choice {
  /** Index into the ways. */
  way: number;
  blend: Blend;
  /** Mean worth on the new period; going on from a release, of mixtures that were not fitted on it. */
  quality: number;
}

/** Share of the earlier period's quality that may be lost, unless told. */
export const MAY_FORGET = 0.02;

/** Shares of the earlier period among the questions that a mixture is fitted on. */
const OLDER_SHARES = [0, 0.5];
/** How far from the earlier release's mixture to the fitted one. */
const STEPS = [0, 0.25, 0.5, 1];
/** A mixture is judged on questions that it was not fitted on: a hundred are learned by heart to a tenth. */
const FOLDS = 2;
/** Standard errors of the loss that count as lost. */
const CAUTION = 1;

/**
 * The choice that is best on the new period among those that keep the earlier one; where none does, the one that loses
 * least of it. Without an earlier release, the way whose mixture is best.
 */
export function chooseBlend(ways: readonly Way[], available: ReadonlySet<Part>, before?: Before): Choice {
  if (before === undefined || ways[0]!.older.length === 0) return bestOfFresh(ways, available);
  const from = among(before.blend, available);
  const choices = ways.flatMap((of, way) =>
    OLDER_SHARES.flatMap((share, first) => {
      const fits = FOLD_NUMBERS.map((fold) => fitted(outside(of, fold), share, available));
      return STEPS.slice(first === 0 ? 0 : 1).map((step) => {
        const worths = (cases: readonly ScoredCase[]): number[] =>
          cases.map((one, i) => worthUnder(one, between(from, fits[i % FOLDS]!, step)));
        const losses = worths(of.older).map((worth, i) => before.worths[i]! - worth);
        return { way, share, step, lost: upperMean(losses), quality: mean(worths(of.fresh)) };
      });
    }),
  );
  const most = (before.mayForget ?? MAY_FORGET) * mean(before.worths);
  const least = Math.min(...choices.map(({ lost }) => lost));
  const keeping = choices.filter(({ lost }) => lost <= Math.max(most, least));
  // The first where equal: what fades rests on fewer observations, and a fit on fewer questions.
  const { way, share, step, quality } = keeping.reduce((best, one) =>
    one.quality > best.quality ? one : best,
  );
  return { way, blend: between(from, fitted(ways[way]!, share, available), step), quality };
}

function bestOfFresh(ways: readonly Way[], available: ReadonlySet<Part>): Choice {
  const choices = ways.map(({ fresh }, way) => {
    const blend = fitBlend(fresh, available);
    return { way, blend, quality: blendQuality(fresh, blend) };
  });
  return choices.reduce((best, one) => (one.quality > best.quality ? one : best));
}

/** @param share of the older questions among both */
function fitted({ fresh, older }: Way, share: number, available: ReadonlySet<Part>): Blend {
  if (share === 0) return fitBlend(fresh, available);
  const weight = ((share / (1 - share)) * Math.max(1, fresh.length)) / Math.max(1, older.length);
  return fitBlend([...fresh, ...older.map((one) => ({ ...one, weight }))], available);
}

const FOLD_NUMBERS = Array.from({ length: FOLDS }, (_, fold) => fold);

/** The questions that are not of a fold. */
const outside = ({ fresh, older }: Way, fold: number): Way => ({
  fresh: fresh.filter((_, i) => i % FOLDS !== fold),
  older: older.filter((_, i) => i % FOLDS !== fold),
});

/** The earlier mixture over the parts that there are now. */
const among = (blend: Blend, available: ReadonlySet<Part>): Blend =>
  blend.map((weights) => {
    const kept = weights.map((weight, k) => (available.has(PARTS[k]!) ? weight : 0));
    const total = kept.reduce((a, b) => a + b, 0);
    return total > 0 ? kept.map((weight) => weight / total) : weights;
  });

const between = (from: Blend, to: Blend, step: number): Blend =>
  from.map((weights, context) => weights.map((weight, k) => (1 - step) * weight + step * to[context]![k]!));

const worthUnder = (one: ScoredCase, blend: Blend): number => worthOf(rankUnder(one, blend[one.context]!));

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);

/** Mean and CAUTION standard errors. */
function upperMean(values: readonly number[]): number {
  const middle = mean(values);
  const variance = mean(values.map((value) => (value - middle) ** 2));
  return middle + CAUTION * Math.sqrt(variance / Math.max(1, values.length));
}
