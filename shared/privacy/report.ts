/** What a private report says, and all that it says: a public release, a public arm, one randomized bit. */

import * as v from 'valibot';

/**
 * Whose value the bit speaks of, and from what seat. A device falls into `canary` by a salt of its own that knows
 * nothing of behaviour; the others toss a coin between the last two.
 */
export const ARMS = {
  /** The candidate's, where it decides: x = r. */
  canary: 1,
  /** The candidate's, from decisions of the release before: x = w r, w the ratio of their probabilities. */
  weighted: 6,
  /** The release before, where it decides: x = r. */
  control: 1,
} as const satisfies Record<string, number>;

export type Arm = keyof typeof ARMS;

/** Epsilon of every report. */
export const REPORT_EPSILON = 1;

export const reportSchema = v.object({
  format: v.literal(1),
  /** Version of the candidate's manifest. */
  release: v.pipe(v.number(), v.integer(), v.minValue(1)),
  arm: v.picklist(Object.keys(ARMS) as Arm[]),
  bit: v.picklist([0, 1]),
});

export type Report = v.InferOutput<typeof reportSchema>;

/** Bytes of every report: its length must say no more than its text. */
export const REPORT_BYTES = 96;

/** @returns JSON, padded with blanks to REPORT_BYTES */
export const reportText = (report: Report): string => JSON.stringify(report).padEnd(REPORT_BYTES);
