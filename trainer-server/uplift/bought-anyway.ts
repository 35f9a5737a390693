/**
 * Of those who buy when offered, how many would have bought anyway. No trial shows both answers of one shopper, so the
 * share lies between bounds (Tian and Pearl 2000, arXiv 1301.3898, section 4.2); it is known only if the offer
 * puts nobody off, and then it is the upper bound.
 */

export interface BoughtAnyway {
  /** Probability to buy with the offer and without. */
  offered: number;
  withheld: number;
  /** Share of the buyers with the offer who would have bought without it. */
  low: number;
  high: number;
}

/** @param offered @param withheld mean outcomes of 0 or 1, as estimated: noise may put them a little outside [0, 1] */
export function boughtAnyway(offered: number, withheld: number): BoughtAnyway {
  const [p, q] = [clip(offered), clip(withheld)];
  if (p === 0) return { offered: p, withheld: q, low: 0, high: 1 };
  return { offered: p, withheld: q, low: Math.max(0, p + q - 1) / p, high: Math.min(p, q) / p };
}

const clip = (x: number): number => Math.min(1, Math.max(0, x));
