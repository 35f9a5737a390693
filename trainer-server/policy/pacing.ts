/**
 * Moves the price of budget so that what is spent meets the plan: the response model's spend curve says which price
 * should do (feed-forward), and what was really spent corrects the curve (feedback). The dual of the budget constraint,
 * followed as in adaptive pacing (Balseiro and Gur 2019, Management Science 65(9)), with the step size replaced by the
 * curve's own slope. It only steers: that nothing is overspent is the server's cap, which is exact.
 */

/** Expected spend a decision at rising prices of budget, falling. */
export type SpendCurve = readonly { price: number; spend: number }[];

export interface PacingOptions {
  /** Share of the error seen in one period that moves the correction. */
  gain: number;
  /** Largest correction, as a factor either way: beyond it the curve is worth nothing. */
  most: number;
  /** Decisions' worth of expected spend that stand against one period's luck. */
  prior: number;
}

export const PACING: PacingOptions = { gain: 0.5, most: 8, prior: 0.25 };

export interface Pacing {
  /** Price for the coming period. */
  price: number;
  /** What the shop spends over what the curve expects. */
  correction: number;
}

export interface PacingPeriod {
  /** Of the whole budget, before the coming period. */
  left: number;
  /** Periods still to come, the coming one included. */
  periods: number;
  /** Decisions expected in the coming period. */
  decisions: number;
}

/** The price for the first period. */
export function startPacing(curve: SpendCurve, coming: PacingPeriod): Pacing {
  return { price: priceFor(curve, target(coming)), correction: 1 };
}

/**
 * The price after a period in which `spent` was spent on `decided` decisions.
 * @param pacing as it was in that period
 */
export function nextPacing(
  curve: SpendCurve,
  pacing: Pacing,
  { spent, decided }: { spent: number; decided: number },
  coming: PacingPeriod,
  options: PacingOptions = PACING,
): Pacing {
  const expected = decided * spendAt(curve, pacing.price);
  const wanted = Math.max(expected, (curve[0]?.spend ?? 0) * decided * 1e-3);
  const pull = options.prior * wanted;
  const seen = (spent + pull * pacing.correction) / Math.max(1e-12, wanted + pull);
  const moved = pacing.correction * (seen / pacing.correction) ** options.gain;
  const correction = Math.max(1 / options.most, Math.min(options.most, moved));
  return { price: priceFor(curve, target(coming) / correction), correction };
}

/** Spend a decision that uses up what is left in equal parts. */
const target = ({ left, periods, decisions }: PacingPeriod): number =>
  Math.max(0, left) / Math.max(1, periods) / Math.max(1, decisions);

/** The lowest price at which no more than `spend` is expected; the highest known where even that spends more. */
export function priceFor(curve: SpendCurve, spend: number): number {
  const at = curve.findIndex((point) => point.spend <= spend);
  if (at < 0) return curve.at(-1)?.price ?? 0;
  if (at === 0) return curve[0]!.price;
  const [above, below] = [curve[at - 1]!, curve[at]!];
  const share = (above.spend - spend) / Math.max(1e-12, above.spend - below.spend);
  return above.price + share * (below.price - above.price);
}

/** Expected spend at a price, between the curve's points along straight lines. */
export function spendAt(curve: SpendCurve, price: number): number {
  const at = curve.findIndex((point) => point.price >= price);
  if (at < 0) return curve.at(-1)?.spend ?? 0;
  if (at === 0) return curve[0]!.spend;
  const [before, after] = [curve[at - 1]!, curve[at]!];
  const share = (price - before.price) / Math.max(1e-12, after.price - before.price);
  return before.spend + share * (after.spend - before.spend);
}
