/** What randomized bits say of a policy's value, and how little a few of them say. */

import { type OneBit, oneBit, truthOf } from '../../shared/privacy/one-bit.ts';
import { ARMS, type Arm, REPORT_EPSILON } from '../../shared/privacy/report.ts';
import type { BitCount } from '../store/private-reports.ts';

export interface ValueEstimate {
  /** Unbiased, so it may lie outside [0, W]. Here: purchases a device and decision, 0.05 is five in a hundred. */
  value: number;
  /** Ends of the 95 % interval: Wilson's for the share of ones, carried through the line. */
  low: number;
  high: number;
  standardError: number;
  reports: number;
  /** How far one forged bit moves the value: W / (n (2p - 1)), 2.16 W/n at epsilon 1. */
  forgedBit: number;
}

/** 97.5 % quantile of the normal distribution. */
export const Z = 1.959964;

/** The device's mechanism for reports from this arm. */
export const mechanismOf = (arm: Arm): OneBit => oneBit(REPORT_EPSILON, ARMS[arm]);

/** V = W (f - (1 - p)) / (2p - 1). @param count with at least one report */
export function estimateValue({ reports, ones }: BitCount, mechanism: OneBit): ValueEstimate {
  const p = truthOf(mechanism);
  const slope = mechanism.bound / (2 * p - 1);
  const valueAt = (share: number): number => slope * (share - (1 - p));
  const f = ones / reports;
  // Wilson 1927: the ends are where the observed share lies Z standard errors away.
  const centre = (f + Z ** 2 / (2 * reports)) / (1 + Z ** 2 / reports);
  const half =
    (Z * Math.sqrt((f * (1 - f)) / reports + Z ** 2 / (4 * reports ** 2))) / (1 + Z ** 2 / reports);
  return {
    value: valueAt(f),
    low: valueAt(centre - half),
    high: valueAt(centre + half),
    standardError: slope * Math.sqrt((f * (1 - f)) / reports),
    reports,
    forgedBit: slope / reports,
  };
}

/**
 * Reports for a standard error, at this true value: W^2 f (1 - f) / ((2p - 1)^2 se^2).
 * @param value and standardError in the unit of x
 */
export function reportsNeeded(standardError: number, value: number, mechanism: OneBit): number {
  const p = truthOf(mechanism);
  const f = 1 - p + (value / mechanism.bound) * (2 * p - 1);
  return Math.ceil((mechanism.bound ** 2 * f * (1 - f)) / ((2 * p - 1) * standardError) ** 2);
}
