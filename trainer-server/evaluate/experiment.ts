/** A/B and holdout reports: what an arm earns above the control, by visitor, in intervals that may be peeked at. */

import type { LoggedDecision } from '../../shared/decision.ts';
import {
  type ArmSums,
  addVisitor,
  emptyArm,
  type Lift,
  liftOf,
  meanOfArm,
  SEQUENCE,
} from './confidence-sequence.ts';
import { normalCdf } from './intervals/normal.ts';

export interface ExperimentOptions {
  /** Attribute that names a decision's arm. */
  attribute: string;
  /** The arm that others are compared with. */
  control: string;
  /** Share of visitors that each arm was meant to get; without it the split is not checked. */
  shares?: Readonly<Record<string, number>>;
}

/** A line of the report. Money in the log's own unit, a visitor; null where `refused` says why. */
export interface ArmReport {
  arm: string;
  control: string;
  visitors: number;
  control_visitors: number;
  mean: number;
  control_mean: number;
  lift: number | null;
  /** Ends of the 95 % interval that holds however often one looks. */
  low: number | null;
  high: number | null;
  /** Ends of the 95 % interval for one look, planned beforehand. */
  once_low: number | null;
  once_high: number | null;
  /** Lift as a share of the control's mean. */
  relative: number | null;
  verdict: 'better' | 'worse' | 'undecided' | 'refused';
  refused?: string;
}

export interface ExperimentReport {
  arms: ArmReport[];
  notes: string[];
}

/** Fewest visitors of an arm, and fewest with an outcome of their own: the intervals are asymptotic. */
const LEAST_VISITORS = 50;
const LEAST_OUTCOMES = 8;
/** Largest share of visitors that may have met two arms. */
const MOST_MIXED = 0.01;
/** Splits less likely than this are no accident (Fabijan et al. 2019 on sample ratio mismatch use 0.0005). */
const SPLIT_ALPHA = 0.0005;

type Rewarded = LoggedDecision & { reward: number };

/** Which attribute names the arms, where the log says so by one of the usual names. */
export function armAttribute(decisions: readonly LoggedDecision[]): string | undefined {
  return ['arm', 'variant', 'holdout'].find((name) =>
    decisions.some(({ attributes }) => attributes?.[name] !== undefined),
  );
}

/** The control among the arms, by one of the usual names. */
export function controlAmong(arms: Iterable<string>): string | undefined {
  const known = new Set(arms);
  return ['control', 'holdout', 'none', 'true', 'A', 'a'].find((name) => known.has(name));
}

export function reportExperiment(
  decisions: readonly Rewarded[],
  options: ExperimentOptions,
): ExperimentReport {
  const { attribute, control, shares } = options;
  const visitors = visitorsOf(decisions, attribute);
  const arms = new Map<string, { sums: ArmSums; outcomes: Map<number, number> }>();
  let mixed = 0;
  for (const { arm, outcome } of visitors.values()) {
    if (arm === undefined) {
      mixed++;
      continue;
    }
    const own = arms.get(arm) ?? { sums: emptyArm(), outcomes: new Map() };
    arms.set(arm, own);
    addVisitor(own.sums, outcome);
    own.outcomes.set(outcome, (own.outcomes.get(outcome) ?? 0) + 1);
  }
  const base = arms.get(control);
  const others = [...arms.keys()].filter((arm) => arm !== control).sort();
  const broken = mixedTooMany(mixed, visitors.size) ?? splitProblem(arms, shares);
  const reports = others.map((arm) => {
    const own = arms.get(arm)!;
    const refused =
      broken ??
      (base === undefined
        ? `no visitor of the control '${control}'`
        : (tooThin(arm, own) ?? tooThin(control, base)));
    // All comparisons together keep the 5 % (Bonferroni).
    const alpha = SEQUENCE.alpha / Math.max(1, others.length);
    return lineOf(arm, own.sums, control, base?.sums ?? emptyArm(), alpha, refused);
  });
  const notes =
    mixed === 0 ? [] : [`${mixed} of ${visitors.size} visitors met more than one arm and are left out`];
  if (others.length > 1)
    notes.push(`${others.length} arms are compared: each interval is widened so that all hold together`);
  return { arms: reports, notes };
}

/** Each visitor's arm (undefined: several) and the sum of its rewards. Decisions without an arm do not count. */
function visitorsOf(decisions: readonly Rewarded[], attribute: string) {
  const out = new Map<string, { arm: string | undefined; outcome: number }>();
  for (const { visitor, attributes, reward } of decisions) {
    const value = attributes?.[attribute];
    if (value === undefined) continue;
    const arm = String(value);
    const own = out.get(visitor);
    if (own === undefined) out.set(visitor, { arm, outcome: reward });
    else {
      own.outcome += reward;
      if (own.arm !== arm) own.arm = undefined;
    }
  }
  return out;
}

function lineOf(
  arm: string,
  own: ArmSums,
  control: string,
  base: ArmSums,
  alpha: number,
  refused: string | undefined,
): ArmReport {
  const means = {
    ...{ arm, control, visitors: own.visitors, control_visitors: base.visitors },
    ...{ mean: meanOfArm(own), control_mean: meanOfArm(base) },
  };
  if (refused !== undefined) {
    const nothing = { lift: null, low: null, high: null, once_low: null, once_high: null, relative: null };
    return { ...means, ...nothing, verdict: 'refused', refused };
  }
  const lift = liftOf(own, base, { ...SEQUENCE, alpha });
  return {
    ...means,
    ...{ lift: lift.value, low: lift.alwaysLow, high: lift.alwaysHigh },
    ...{ once_low: lift.low, once_high: lift.high },
    relative: means.control_mean === 0 ? null : lift.value / Math.abs(means.control_mean),
    verdict: verdictOf(lift),
  };
}

const verdictOf = ({ alwaysLow, alwaysHigh }: Lift): ArmReport['verdict'] =>
  alwaysLow > 0 ? 'better' : alwaysHigh < 0 ? 'worse' : 'undecided';

function tooThin(arm: string, { sums, outcomes }: { sums: ArmSums; outcomes: Map<number, number> }) {
  if (sums.visitors < LEAST_VISITORS) {
    return `only ${sums.visitors} visitors in '${arm}' (at least ${LEAST_VISITORS} needed)`;
  }
  const informative = sums.visitors - Math.max(...outcomes.values());
  return informative < LEAST_OUTCOMES
    ? `only ${informative} visitors in '${arm}' had an outcome of their own (at least ${LEAST_OUTCOMES} needed)`
    : undefined;
}

function mixedTooMany(mixed: number, all: number): string | undefined {
  return mixed > MOST_MIXED * all
    ? `${mixed} of ${all} visitors met more than one arm: the arms were not assigned by visitor`
    : undefined;
}

/** Sample ratio mismatch: the arms' sizes against what was meant, by a chi-square test. */
function splitProblem(
  arms: ReadonlyMap<string, { sums: ArmSums }>,
  shares: Readonly<Record<string, number>> | undefined,
): string | undefined {
  if (shares === undefined) return undefined;
  const count = (arm: string): number => arms.get(arm)?.sums.visitors ?? 0;
  const names = Object.keys(shares);
  const all = names.reduce((sum, arm) => sum + count(arm), 0);
  const total = names.reduce((sum, arm) => sum + shares[arm]!, 0);
  const square = names.reduce((sum, arm) => {
    const meant = (all * shares[arm]!) / total;
    return sum + (count(arm) - meant) ** 2 / meant;
  }, 0);
  const p = chiSquareTail(square, names.length - 1);
  if (p >= SPLIT_ALPHA) return undefined;
  const found = names.map((arm) => `${arm} ${((100 * count(arm)) / all).toFixed(1)} %`).join(', ');
  return `visitors are split ${found}, which is not what was meant (p = ${p.toExponential(1)}): something loses visitors of one arm`;
}

/** P(chi-square with k degrees of freedom > x), by the recursion over k (Abramowitz and Stegun 26.4.4, 26.4.5, 26.4.8). */
export function chiSquareTail(x: number, k: number): number {
  const half = x / 2;
  let term = k % 2 === 0 ? Math.exp(-half) : Math.sqrt(x) * Math.exp(-half) * Math.sqrt(2 / Math.PI);
  let tail = k % 2 === 0 ? term : 2 * (1 - normalCdf(Math.sqrt(x)));
  if (k % 2 === 0) {
    for (let j = 2; j < k; j += 2) {
      term *= x / j;
      tail += term;
    }
    return tail;
  }
  for (let j = 1; j < k; j += 2) {
    tail += term;
    term *= x / (j + 2);
  }
  return tail;
}
