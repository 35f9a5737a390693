/** What the private reports say of a canary. They can stop it; they can never let anything out by themselves. */

import type { Arm } from '../../shared/privacy/report.ts';
import type { Store } from '../store/store.ts';
import { estimateValue, mechanismOf, reportsNeeded, type ValueEstimate, Z } from './estimate-reports.ts';

export interface ReportRule {
  /** Standard error of a difference from which on it is read at all, in the unit of the values. */
  standardError: number;
  /** Value at which the reports still needed are worked out: purchases a decision. */
  value: number;
  /** Share of the reports that may be forged before a verdict falls: anyone can send a bit. */
  forgedShare: number;
}

/** Half a point of conversion; 5-10 % of decisions end in a purchase; one report in a thousand forged, a guess. */
export const REPORT_RULE: ReportRule = { standardError: 0.005, value: 0.075, forgedShare: 0.001 };

export interface CanaryReport {
  release: number;
  arms: Partial<Record<Arm, ValueEstimate>>;
  /** Candidate minus the release before, with its 95 % interval; absent where one side has not reported. */
  difference?: { value: number; low: number; high: number; standardError: number };
  /** 'stop': worse by more than chance and forgery explain. 'thin': too few reports to say. */
  verdict: 'stop' | 'go-on' | 'thin';
  /** In words, for whoever decides. */
  reason: string;
}

/** @returns undefined where no device has reported on this release */
export function judgeCanary(
  store: Pick<Store, 'privateReports'>,
  site: string,
  release: number,
  rule: ReportRule = REPORT_RULE,
): CanaryReport | undefined {
  const counts = Object.entries(store.privateReports.counts(site, release));
  if (counts.length === 0) return undefined;
  const arms: CanaryReport['arms'] = Object.fromEntries(
    counts.map(([arm, count]) => [arm, estimateValue(count, mechanismOf(arm as Arm))]),
  );
  const candidate = sharper(arms.canary, arms.weighted);
  if (candidate === undefined || arms.control === undefined)
    return { release, arms, verdict: 'thin', reason: thinReason(0, rule) };
  const difference = minus(candidate, arms.control);
  const told = { release, arms, difference };
  if (difference.standardError > rule.standardError) {
    const reports = Math.min(candidate.reports, arms.control.reports);
    return { ...told, verdict: 'thin', reason: thinReason(reports, rule) };
  }
  // Each side's share of forged bits, all of them against the candidate.
  const forged = rule.forgedShare * (slopeOf(candidate) + slopeOf(arms.control));
  const stop = difference.high + forged < 0;
  return {
    ...told,
    verdict: stop ? 'stop' : 'go-on',
    reason: stop
      ? `the candidate earns less, even were ${rule.forgedShare * 100} % of the reports forged`
      : 'no loss beyond chance and forgery; let it out on other evidence, never on this alone',
  };
}

/** The estimate with the smaller standard error. */
function sharper(a: ValueEstimate | undefined, b: ValueEstimate | undefined): ValueEstimate | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.standardError <= b.standardError ? a : b;
}

/** W / (2p - 1): what the value moves by where every bit is forged. */
const slopeOf = ({ forgedBit, reports }: ValueEstimate): number => forgedBit * reports;

function minus(a: ValueEstimate, b: ValueEstimate): NonNullable<CanaryReport['difference']> {
  const value = a.value - b.value;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const half = Z * standardError;
  return { value, low: value - half, high: value + half, standardError };
}

function thinReason(reports: number, rule: ReportRule): string {
  // Two sides of equal noise: each may have 1/sqrt(2) of the difference's standard error.
  const needed = reportsNeeded(rule.standardError / Math.SQRT2, rule.value, mechanismOf('control'));
  return `${reports} reports on the thinner side; a standard error of ${rule.standardError} needs about ${needed} on each. A small shop never has as many and cannot learn from private reports: rely on orders and consented trajectories`;
}
