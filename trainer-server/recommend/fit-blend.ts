/** Mixture weights of the recommenders, fitted on held-out cases. */

import { PARTS, type Part, type PartTables, partScores } from '../../shared/recommend/parts.ts';
import { type Blend, CONTEXTS, contextOf, mixture } from '../../shared/recommend/recommend.ts';

/** A held-out question as the parts see it. */
export interface BlendCase {
  recent: number[];
  /** The session encoder's state. */
  state?: Float32Array | undefined;
  target: number;
}

/** Where nothing was held out: counting before popularity, as in Ludewig and Jannach 2018. */
const PRIOR: Record<Part, number> = {
  session: 0.3,
  next: 0.3,
  together: 0.3,
  repeat: 0,
  content: 0.05,
  popularity: 0.05,
};

/** Cases that the mixture over all contexts counts for within one context: few cases must not decide alone. */
const SHARED_EVIDENCE = 50;
const EM_ROUNDS = 60;
/** Share of popularity that always stays, so that no product is impossible and a mixture never ties at zero. */
const LEAST_POPULARITY = 0.001;

/**
 * Weights by expectation-maximisation, which climbs the held-out likelihood of the mixture, a concave problem
 * (Dempster et al. 1977, section 4.3). Where a single part ranks the held-out targets better in a context, the
 * mixture moves towards it until it does not.
 */
export function fitBlend(tables: PartTables, cases: readonly BlendCase[]): Blend {
  const likelihood = cases.map((one) => targetProbabilities(tables, one));
  const all = emWeights(likelihood, priorOf(tables), 10);
  const contexts = cases.map(({ recent }) => contextOf(recent));
  return Array.from({ length: CONTEXTS }, (_, context) => {
    const own = cases.map((_, i) => i).filter((i) => contexts[i] === context);
    const usable = context === 0 ? all.map((w, k) => (needsHistory(PARTS[k]!) ? 0 : w)) : all;
    const weights = emWeights(
      own.map((i) => likelihood[i]!),
      normalised(usable),
      SHARED_EVIDENCE,
    );
    return withPopularity(
      noWorseThanItsParts(
        tables,
        own.map((i) => cases[i]!),
        weights,
      ),
    );
  });
}

const needsHistory = (part: Part): boolean => part !== 'popularity' && part !== 'session';

function priorOf(tables: PartTables): number[] {
  const has = (part: Part): boolean =>
    part === 'next' || part === 'together'
      ? tables[part] !== undefined
      : part === 'session' || part === 'content'
        ? tables.vectors !== undefined
        : true;
  return normalised(PARTS.map((part) => (has(part) ? Math.max(PRIOR[part], 0.01) : 0)));
}

/** P(target) under each part. */
function targetProbabilities(tables: PartTables, { recent, state, target }: BlendCase): number[] {
  return PARTS.map((part) => partScores(part, tables, recent, state)?.[target] ?? 0);
}

/** @param strength cases that the prior counts for */
function emWeights(likelihood: readonly number[][], prior: readonly number[], strength: number): number[] {
  let weights = [...prior];
  for (let round = 0; round < EM_ROUNDS; round++) {
    const sums = prior.map((w) => w * strength);
    for (const p of likelihood) {
      const total = p.reduce((sum, x, k) => sum + x * weights[k]!, 0);
      if (total <= 0) continue;
      p.forEach((x, k) => {
        sums[k]! += (x * weights[k]!) / total;
      });
    }
    weights = normalised(sums);
  }
  return weights;
}

/** Cases ranked to compare a mixture with its parts; ranking reads the whole catalogue. */
const RANKED_CASES = 400;

function noWorseThanItsParts(
  tables: PartTables,
  cases: readonly BlendCase[],
  weights: readonly number[],
): number[] {
  const ranked = cases.slice(0, RANKED_CASES);
  if (ranked.length < SHARED_EVIDENCE) return [...weights];
  const singles = PARTS.map((_, k) => PARTS.map((_, j) => (j === k ? 1 : 0)));
  const quality = (w: number[]): number =>
    rankQuality(
      tables,
      ranked,
      Array.from({ length: CONTEXTS }, () => w),
    );
  const best = singles
    .filter((_, k) => weights[k]! > 0)
    .map((single) => ({ single, quality: quality(single) }))
    .reduce((a, b) => (b.quality > a.quality ? b : a));
  for (const step of [0, 0.25, 0.5, 0.75]) {
    const mixed = weights.map((w, k) => (1 - step) * w + step * best.single[k]!);
    if (quality(mixed) >= best.quality) return mixed;
  }
  return best.single;
}

/** Mean over cases of hit@10 and reciprocal rank within 20, by the blend's weights for each case's context. */
export function rankQuality(tables: PartTables, cases: readonly BlendCase[], blend: Blend): number {
  let sum = 0;
  for (const { recent, state, target } of cases) {
    const rank = rankOf(mixture(tables, recent, blend[contextOf(recent)]!, state), target);
    sum += (rank <= 10 ? 1 : 0) + (rank <= 20 ? 1 / rank : 0);
  }
  return sum / Math.max(1, cases.length);
}

/** Rank of the target from 1 among the scores, ties counted against it by row order. */
export function rankOf(scores: Float32Array, target: number): number {
  const own = scores[target]!;
  let rank = 1;
  for (let row = 0; row < scores.length; row++) {
    if (scores[row]! > own || (scores[row] === own && row < target)) rank++;
  }
  return rank;
}

function withPopularity(weights: readonly number[]): number[] {
  const k = PARTS.indexOf('popularity');
  return normalised(weights.map((w, i) => (i === k ? Math.max(w, LEAST_POPULARITY) : w)));
}

function normalised(weights: readonly number[]): number[] {
  const total = weights.reduce((a, b) => a + b, 0);
  return total > 0
    ? weights.map((w) => w / total)
    : weights.map((_, k) => (PARTS[k] === 'popularity' ? 1 : 0));
}
