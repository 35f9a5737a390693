/** What the private reports say of a canary. They can stop it; they can never let anything out by themselves. */

import type { OneBit } from '../../shared/privacy/one-bit.ts';
import type { Arm } from '../../shared/privacy/report.ts';
import { alwaysValidReach } from '../evaluate/confidence-sequence.ts';
import type { BitCount } from '../store/private-reports.ts';
import type { Store } from '../store/store.ts';
import { estimateValue, mechanismOf, reportsNeeded, type ValueEstimate, Z } from './estimate-reports.ts';

export interface ReportRule {
  /** Standard error of a difference from which on it is read at all, in the unit of the values. */
  standardError: number;
  /** Value at which the reports still needed are worked out: purchases a decision. */
  value: number;
  /** Share of the reports that may be forged before a verdict falls: anyone can send a bit. */
  forgedShare: number;
  /** Probability that a harmless candidate is ever stopped, were one to look after every report. */
  alpha: number;
}

/** Half a point of conversion; 5-10 % of decisions end in a purchase; one report in a thousand forged, a guess. */
export const REPORT_RULE: ReportRule = {
  standardError: 0.005,
  value: 0.075,
  forgedShare: 0.001,
  alpha: 0.05,
};

export interface CanaryReport {
  release: number;
  arms: Partial<Record<Arm, ValueEstimate>>;
  /** Candidate minus the release before; absent where one side has not reported. */
  difference?: {
    value: number;
    /** 95 % interval for one look, planned beforehand. */
    low: number;
    high: number;
    /** Upper end for any number of looks. */
    alwaysHigh: number;
    standardError: number;
  };
  /** 'stop': worse by more than chance and forgery explain, however often one looked. 'thin': too few reports to say. */
  verdict: 'stop' | 'go-on' | 'thin';
  /** In words, for whoever decides. */
  reason: string;
}

/**
 * @param versions of the manifest under which the candidate had its present share, newest first: renewals begin no new
 * sequence, or each would have a chance of its own to stop what is harmless
 * @returns undefined where no device has reported on them
 */
export function judgeCanary(
  store: Pick<Store, 'privateReports'>,
  site: string,
  versions: readonly number[],
  rule: ReportRule = REPORT_RULE,
): CanaryReport | undefined {
  const [release] = versions;
  const counts = Object.entries(summed(versions.map((one) => store.privateReports.counts(site, one))));
  if (release === undefined || counts.length === 0) return undefined;
  const arms: CanaryReport['arms'] = Object.fromEntries(
    counts.map(([arm, count]) => [arm, estimateValue(count, mechanismOf(arm as Arm))]),
  );
  const candidate = sharper(arms.canary, arms.weighted);
  if (candidate === undefined || arms.control === undefined)
    return { release, arms, verdict: 'thin', reason: thinReason(0, rule) };
  const mechanism = mechanismOf(candidate === arms.weighted ? 'weighted' : 'canary');
  const difference = minus(candidate, arms.control, 2 * needed(rule, mechanism), rule.alpha);
  const told = { release, arms, difference };
  if (difference.standardError > rule.standardError) {
    const reports = Math.min(candidate.reports, arms.control.reports);
    return { ...told, verdict: 'thin', reason: thinReason(reports, rule) };
  }
  // Each side's share of forged bits, all of them against the candidate.
  const forged = rule.forgedShare * (slopeOf(candidate) + slopeOf(arms.control));
  const stop = difference.alwaysHigh + forged < 0;
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

/**
 * @param tightestAt reports of both sides
 * @param alpha the sequence errs on either side alike and only one of them stops, so that of each of the two seats that a
 * look may read half of it counts: together, alpha
 */
function minus(
  a: ValueEstimate,
  b: ValueEstimate,
  tightestAt: number,
  alpha: number,
): NonNullable<CanaryReport['difference']> {
  const value = a.value - b.value;
  const standardError = Math.hypot(a.standardError, b.standardError);
  const half = Z * standardError;
  const reports = a.reports + b.reports;
  const always = alwaysValidReach(standardError * Math.sqrt(reports), reports, { alpha, tightestAt });
  return { value, low: value - half, high: value + half, alwaysHigh: value + always, standardError };
}

function summed(each: readonly Partial<Record<Arm, BitCount>>[]): Partial<Record<Arm, BitCount>> {
  const out: Partial<Record<Arm, BitCount>> = {};
  for (const [arm, { reports, ones }] of each.flatMap(
    (counts) => Object.entries(counts) as [Arm, BitCount][],
  )) {
    const before = out[arm] ?? { reports: 0, ones: 0 };
    out[arm] = { reports: before.reports + reports, ones: before.ones + ones };
  }
  return out;
}

/** Reports on each side: two sides of equal noise, each may have 1/sqrt(2) of the difference's standard error. */
const needed = (rule: ReportRule, mechanism: OneBit): number =>
  reportsNeeded(rule.standardError / Math.SQRT2, rule.value, mechanism);

function thinReason(reports: number, rule: ReportRule): string {
  const least = needed(rule, mechanismOf('control'));
  return `${reports} reports on the thinner side; a standard error of ${rule.standardError} needs about ${least} on each. A small shop never has as many and cannot learn from private reports: rely on orders and consented trajectories`;
}
