/** What an estimator is: a file each, an ordered registry in index.ts. */

import type { Evidence } from '../evidence.ts';

/** The estimate is sum(part) / sum(per): a mean where `per` is 1 everywhere, else a self-normalised ratio. */
export interface Contributions {
  part: Float64Array;
  per: Float64Array;
}

export interface Estimator {
  name: string;
  contributions(evidence: Evidence): Contributions;
  /** What it multiplies rewards by, where that is not the decision's own importance weight. */
  weight?(evidence: Evidence): Float64Array;
  /** Why it cannot speak on this evidence, in words. */
  refusal?(evidence: Evidence): string | undefined;
}

/** The plain mean of a number for each decision. */
export function meanOf(count: number, of: (i: number) => number): Contributions {
  return {
    part: Float64Array.from({ length: count }, (_, i) => of(i)),
    per: new Float64Array(count).fill(1),
  };
}
