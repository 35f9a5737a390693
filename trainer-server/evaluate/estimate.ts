/** Every estimator's word on a policy, or the reason why none is given. */

import type { Random } from '../../shared/random.ts';
import { bootstrap } from './bootstrap.ts';
import { ESTIMATORS } from './estimators/index.ts';
import { type Evidence, effectiveSampleSize, overlapOf } from './evidence.ts';
import { refusalOf, THRESHOLDS, type Thresholds } from './thin.ts';

/** A line of `evaluate`. Value and interval are in the log's own unit, null where `refused` says why. */
export interface Estimate {
  estimator: string;
  value: number | null;
  low: number | null;
  high: number | null;
  ess: number;
  overlap: number;
  refused?: string;
}

export function estimatesOf(
  evidence: Evidence,
  random: Random,
  thresholds: Thresholds = THRESHOLDS,
): Estimate[] {
  const refused = refusalOf(evidence, thresholds);
  const diagnostics = { ess: effectiveSampleSize(evidence), overlap: overlapOf(evidence) };
  return ESTIMATORS.map(({ name, contributions }) => {
    if (refused !== undefined) {
      return { estimator: name, value: null, low: null, high: null, ...diagnostics, refused };
    }
    // The same stream for each, so that the estimators' intervals differ by the estimators alone.
    const interval = bootstrap(contributions(evidence), evidence.cluster, random.fork('bootstrap'));
    return { estimator: name, ...interval, ...diagnostics };
  });
}
