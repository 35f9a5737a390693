/** Mixture weights of the recommenders, fitted on held-out cases. */

import { PARTS, type Part } from '../../shared/recommend/parts.ts';
import { type Blend, CONTEXTS } from '../../shared/recommend/recommend.ts';
import { rankUnder, type ScoredCase, worthOf } from './blend-case.ts';

/** Where nothing was held out: counting before popularity, as in Ludewig and Jannach 2018. */
const PRIOR: Record<Part, number> = {
  session: 0.3,
  next: 0.2,
  before: 0.1,
  together: 0.2,
  walk: 0.1,
  repeat: 0,
  content: 0.05,
  popularity: 0.05,
};

/** Cases that the mixture over all contexts counts for within one context, and below which it has none of its own. */
const SHARED_EVIDENCE = 50;
const EM_ROUNDS = 60;
/** Factors tried on each weight. */
const FACTORS = [0, 0.3, 0.6, 1.6, 3, 8];
const SEARCH_ROUNDS = 4;
/** Share of popularity that always stays, so that no product is impossible and mixtures do not tie at zero. */
const LEAST_POPULARITY = 0.001;

/**
 * Weights by expectation-maximisation, which climbs the held-out likelihood of the mixture, a concave problem
 * (Dempster et al. 1977, section 4.3); then by coordinate search on the ranks themselves, from there and from each
 * part alone, so that the blend ranks the held-out targets no worse than any part does.
 * @param available parts that were trained
 */
export function fitBlend(cases: readonly ScoredCase[], available: ReadonlySet<Part>): Blend {
  const all = fitWeights(cases, priorOf(available), 10);
  return Array.from({ length: CONTEXTS }, (_, context) => {
    const own = cases.filter((one) => one.context === context);
    const prior = context === 0 ? withoutHistory(all) : all;
    const weights = own.length < SHARED_EVIDENCE ? prior : fitWeights(own, prior, SHARED_EVIDENCE);
    return withPopularity(weights);
  });
}

/** Mean worth of the targets' ranks. */
export function blendQuality(cases: readonly ScoredCase[], blend: Blend): number {
  return mean(cases, (one) => worthOf(rankUnder(one, blend[one.context]!)));
}

function fitWeights(cases: readonly ScoredCase[], prior: readonly number[], strength: number): number[] {
  if (cases.length === 0) return [...prior];
  const quality = (weights: readonly number[]): number =>
    mean(cases, (one) => worthOf(rankUnder(one, weights)));
  const alone = PARTS.map((_, k) => PARTS.map((_, j) => (j === k ? 1 : 0))).filter((_, k) => prior[k]! > 0);
  const starts = [emWeights(cases, prior, strength), ...alone].map((weights) => ({
    weights,
    quality: quality(withPopularity(weights)),
  }));
  // The mixture first: where the ranks are equal it is the better estimate.
  const start = starts.reduce((best, one) => (one.quality > best.quality ? one : best));
  return climb(start, quality, starts[0]!.weights);
}

/** Coordinate search: each weight times each factor, kept where the ranks improve. */
function climb(
  start: { weights: number[]; quality: number },
  quality: (weights: readonly number[]) => number,
  mixture: readonly number[],
): number[] {
  let { weights, quality: best } = start;
  for (let round = 0; round < SEARCH_ROUNDS; round++) {
    const before = best;
    for (let k = 0; k < weights.length; k++) {
      for (const factor of FACTORS) {
        // A weight of zero cannot grow by a factor: it is tried at the mixture's value.
        const base = weights[k]! > 0 ? weights[k]! : mixture[k]!;
        const tried = withPopularity(normalised(weights.map((w, j) => (j === k ? base * factor : w))));
        const found = quality(tried);
        if (found > best) {
          best = found;
          weights = tried;
        }
      }
    }
    if (best === before) break;
  }
  return weights;
}

/** @param strength cases that the prior counts for */
function emWeights(cases: readonly ScoredCase[], prior: readonly number[], strength: number): number[] {
  let weights = [...prior];
  for (let round = 0; round < EM_ROUNDS; round++) {
    const sums = prior.map((w) => w * strength);
    for (const { parts, weight = 1 } of cases) {
      const total = parts.reduce((sum, of, k) => sum + of[0]! * weights[k]!, 0);
      if (total <= 0) continue;
      for (let k = 0; k < sums.length; k++) sums[k]! += (weight * parts[k]![0]! * weights[k]!) / total;
    }
    weights = normalised(sums);
  }
  return weights;
}

function priorOf(available: ReadonlySet<Part>): number[] {
  return normalised(PARTS.map((part) => (available.has(part) ? Math.max(PRIOR[part], 0.01) : 0)));
}

/** Without any known product only these have something to say. */
function withoutHistory(weights: readonly number[]): number[] {
  return normalised(weights.map((w, k) => (PARTS[k] === 'popularity' || PARTS[k] === 'session' ? w : 0)));
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

function mean(cases: readonly ScoredCase[], of: (one: ScoredCase) => number): number {
  let [sum, count] = [0, 0];
  for (const one of cases) {
    const { weight = 1 } = one;
    sum += weight * of(one);
    count += weight;
  }
  return sum / (count || 1);
}
