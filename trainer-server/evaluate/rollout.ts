/**
 * Staged rollout: shadow (decides beside the running release, shows nothing) -> canary (a growing share of devices) ->
 * full, and back at once where live evidence is against it. Pure: who publishes acts on the answer.
 */

import { type Lift, SEQUENCE } from './confidence-sequence.ts';

export type Stage = 'shadow' | 'canary' | 'full' | 'withdrawn';

export interface RolloutState {
  stage: Stage;
  /** Share of devices that take the release, 0 to 1. */
  share: number;
}

export interface LiveEvidence {
  /** Decisions that the new release took (in shadow: took and did not show), and those that failed. */
  decisions: number;
  faults: number;
  /** Time of a decision, 95th percentile, ms; absent where it is not known. */
  p95Ms?: number;
  /** Devices with the release against those without, a visitor; absent in shadow, where nothing is shown. */
  lift?: Lift & { visitors: number; controlMean: number };
  /** Guard-rails measured live: broken ones by name, in words. */
  broken?: readonly string[];
}

export interface RolloutRules {
  /** Shares of devices that a canary passes through. */
  shares: readonly number[];
  /** Decisions in shadow before the first shopper sees one. */
  shadowDecisions: number;
  /** Largest share of decisions that may fail. */
  faultShare: number;
  /** Longest p95 of a decision, ms. */
  p95Ms: number;
  /** Visitors with the release below whom their outcomes say nothing: the interval is asymptotic. */
  leastVisitors: number;
  /** Visitors with the release before each step up. */
  stepVisitors: number;
  /** Loss, as a share of the control's mean, that must be excluded before a step of the canary. */
  stepTolerance: number;
  /** The same before everyone gets it. */
  fullTolerance: number;
}

export const ROLLOUT: RolloutRules = {
  shares: [0.01, 0.05, 0.2, 0.5],
  shadowDecisions: 1000,
  faultShare: 0.005,
  p95Ms: 50,
  leastVisitors: 50,
  stepVisitors: 300,
  stepTolerance: 0.2,
  fullTolerance: 0.02,
};

export interface RolloutStep extends RolloutState {
  action: 'stay' | 'advance' | 'withdraw';
  reasons: string[];
}

/** What to do now. Asked as often as one likes: the lift's interval must be a confidence sequence. */
export function nextStep(
  state: RolloutState,
  live: LiveEvidence,
  rules: RolloutRules = ROLLOUT,
): RolloutStep {
  if (state.stage === 'withdrawn') return stay(state, ['withdrawn: only a new release starts again']);
  const against = reasonsAgainst(live, rules);
  if (against.length > 0) return { action: 'withdraw', stage: 'withdrawn', share: 0, reasons: against };
  if (state.stage === 'full') return stay(state, ['nothing speaks against it']);
  const missing = state.stage === 'shadow' ? shadowMissing(live, rules) : canaryMissing(state, live, rules);
  if (missing !== undefined) return stay(state, [missing]);
  const share = rules.shares.find((next) => next > state.share);
  return share === undefined
    ? { action: 'advance', stage: 'full', share: 1, reasons: ['a loss that matters is excluded'] }
    : { action: 'advance', stage: 'canary', share, reasons: [`on to ${100 * share} % of devices`] };
}

const stay = (state: RolloutState, reasons: string[]): RolloutStep => ({ ...state, action: 'stay', reasons });

function reasonsAgainst({ decisions, faults, p95Ms, lift, broken = [] }: LiveEvidence, rules: RolloutRules) {
  const reasons = broken.map((rail) => `guard-rail broken: ${rail}`);
  if (isAbove(faults, decisions, rules.faultShare)) {
    reasons.push(`${faults} of ${decisions} decisions failed (at most ${100 * rules.faultShare} % may)`);
  }
  if (p95Ms !== undefined && p95Ms > rules.p95Ms) {
    reasons.push(`decisions take ${p95Ms.toFixed(0)} ms at the 95th percentile (at most ${rules.p95Ms} may)`);
  }
  if (lift !== undefined && lift.visitors >= rules.leastVisitors && lift.alwaysHigh < 0) {
    reasons.push(
      `earns less than the release before: ${lift.value.toPrecision(3)} a visitor, at best ${lift.alwaysHigh.toPrecision(3)}`,
    );
  }
  return reasons;
}

function shadowMissing({ decisions }: LiveEvidence, rules: RolloutRules): string | undefined {
  return decisions < rules.shadowDecisions
    ? `${decisions} of ${rules.shadowDecisions} decisions in shadow`
    : undefined;
}

function canaryMissing(
  { share }: RolloutState,
  { lift }: LiveEvidence,
  rules: RolloutRules,
): string | undefined {
  if (lift === undefined) return 'no live outcomes yet';
  if (lift.visitors < rules.stepVisitors)
    return `${lift.visitors} of ${rules.stepVisitors} visitors at this step`;
  const last = share >= rules.shares.at(-1)!;
  const tolerance = last ? rules.fullTolerance : rules.stepTolerance;
  const least = -tolerance * Math.abs(lift.controlMean);
  return lift.alwaysLow > least
    ? undefined
    : `a loss of ${100 * tolerance} % is not excluded yet: the lower end is ${lift.alwaysLow.toPrecision(3)}, it must be above ${least.toPrecision(3)}`;
}

/**
 * Whether a share of failures is surely above a limit, however often one looks: the mixture martingale of a Bernoulli
 * rate against the limit (Robbins 1970; Ville's inequality), with a uniform prior on rates above it.
 */
export function isAbove(failed: number, all: number, limit: number): boolean {
  if (all === 0 || failed <= limit * all) return false;
  // Integral over rates q in (limit, 1) of the likelihood ratio, by Simpson's rule on a logarithmic grid.
  const steps = 400;
  const [from, to] = [Math.log(limit), 0];
  const logs: number[] = [];
  for (let s = 0; s <= steps; s++) {
    const q = Math.min(1 - 1e-12, Math.exp(from + ((to - from) * s) / steps));
    const ratio = failed * Math.log(q / limit) + (all - failed) * Math.log((1 - q) / (1 - limit));
    const weight = s === 0 || s === steps ? 1 : s % 2 === 1 ? 4 : 2;
    logs.push(ratio + Math.log(q) + Math.log((weight * (to - from)) / (3 * steps)));
  }
  const most = Math.max(...logs);
  const mixture =
    most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0)) - Math.log(1 - limit);
  return mixture > -Math.log(SEQUENCE.alpha);
}
