/**
 * Intervals that stay valid however often one looks: an experiment may be stopped when it has said enough.
 *
 * Asymptotic confidence sequence (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024, "Time-uniform central limit
 * theory and asymptotic confidence sequences", arXiv 2103.06476, theorem 2.2): at time t
 *
 *   mean +- deviation * sqrt(2 (t rho^2 + 1) / (t^2 rho^2) * log(sqrt(t rho^2 + 1) / alpha))
 */

export interface SequenceOptions {
  /** Probability that the truth ever leaves the interval. */
  alpha: number;
  /** Number of visitors at which the interval is to be tightest. */
  tightestAt: number;
}

export const SEQUENCE: SequenceOptions = { alpha: 0.05, tightestAt: 2000 };

/**
 * Half the width of the interval around a mean.
 * @param deviation standard deviation of one observation
 * @param t observations so far
 */
export function alwaysValidReach(
  deviation: number,
  t: number,
  { alpha, tightestAt }: SequenceOptions = SEQUENCE,
): number {
  if (t < 1) return Number.POSITIVE_INFINITY;
  // Appendix B.2, equation (107): rho that makes the interval tightest at that time.
  const rho2 = (-2 * Math.log(alpha) + Math.log(-2 * Math.log(alpha) + 1)) / tightestAt;
  const grown = t * rho2 + 1;
  return deviation * Math.sqrt(((2 * grown) / (t * t * rho2)) * Math.log(Math.sqrt(grown) / alpha));
}

/** What is known of one arm: its visitors' outcomes, one number each. */
export interface ArmSums {
  visitors: number;
  sum: number;
  squares: number;
}

export const emptyArm = (): ArmSums => ({ visitors: 0, sum: 0, squares: 0 });

export function addVisitor(arm: ArmSums, outcome: number): void {
  arm.visitors++;
  arm.sum += outcome;
  arm.squares += outcome * outcome;
}

export const meanOfArm = ({ sum, visitors }: ArmSums): number => (visitors === 0 ? 0 : sum / visitors);

/** Difference of two arms' means a visitor. */
export interface Lift {
  value: number;
  /** For one look, planned beforehand. */
  low: number;
  high: number;
  /** For any number of looks. */
  alwaysLow: number;
  alwaysHigh: number;
}

/**
 * Treatment minus control. A visitor of the treatment arm stands for outcome / share of the arm, one of control for
 * minus outcome / its share (equation 9 there, the outcome model a constant for each arm).
 */
export function liftOf(treated: ArmSums, control: ArmSums, options: SequenceOptions = SEQUENCE): Lift {
  const value = meanOfArm(treated) - meanOfArm(control);
  const t = treated.visitors + control.visitors;
  if (treated.visitors < 2 || control.visitors < 2) {
    const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
    return { value, low, high, alwaysLow: low, alwaysHigh: high };
  }
  const squaredError = varianceOf(treated) / treated.visitors + varianceOf(control) / control.visitors;
  const once = 1.959963984540054 * Math.sqrt(squaredError);
  const always = alwaysValidReach(Math.sqrt(squaredError * t), t, options);
  return {
    value,
    low: value - once,
    high: value + once,
    alwaysLow: value - always,
    alwaysHigh: value + always,
  };
}

const varianceOf = (arm: ArmSums): number =>
  Math.max(0, (arm.squares - arm.sum ** 2 / arm.visitors) / (arm.visitors - 1));
