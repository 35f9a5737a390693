/**
 * Randomized response with one bit (Warner 1965; for a bounded mean: Duchi, Jordan and Wainwright 2013, arXiv
 * 1302.3203; the one-bit form: Ding, Kulkarni and Yekhanin 2017, arXiv 1712.01524, section 3).
 *
 *   P(bit = 1) = (1 - p) + (x / W) (2p - 1),  p = e^eps / (1 + e^eps),  x in [0, W]
 *
 * Whatever x is, either bit's probability lies in [1 - p, p], so that no two values differ by more than e^eps.
 * Floating-point noise breaks such promises (Mironov 2012), so everything here is integers: p = P / 2^32, rounded
 * down, x in steps of W / 2^16, and one comparison of a 48-bit random integer with an exact threshold.
 */

/** Denominator of p. */
const P_UNITS = 2 ** 32;
/** Steps of x between 0 and the bound. */
export const VALUE_STEPS = 2 ** 16;
/** Random integers are uniform in [0, this): 48 bits, exact in a double. */
export const DRAW_RANGE = P_UNITS * VALUE_STEPS;

export interface OneBit {
  /** What one report may cost, in the sense of epsilon-local differential privacy. */
  epsilon: number;
  /** W: x is clipped to [0, bound]. */
  bound: number;
  /** P: p = P / 2^32. */
  numerator: number;
}

/**
 * @param epsilon in (0, 8]
 * @param bound above 0
 * @throws RangeError beyond them
 */
export function oneBit(epsilon: number, bound: number): OneBit {
  if (!(epsilon > 0 && epsilon <= 8)) throw new RangeError(`epsilon: expected (0, 8], got ${epsilon}`);
  if (!(bound > 0 && bound < Number.POSITIVE_INFINITY))
    throw new RangeError(`bound: expected a finite number above 0, got ${bound}`);
  // One unit below the floor: the rounding of exp and of the division can then never round p up.
  const numerator = Math.floor(P_UNITS / (1 + Math.exp(-epsilon))) - 1;
  return { epsilon, bound, numerator };
}

/** p of the mechanism as it runs: at most e^eps / (1 + e^eps). */
export const truthOf = ({ numerator }: OneBit): number => numerator / P_UNITS;

/** The bit is 1 for draws below this, out of DRAW_RANGE. @param value x; what is no number counts as 0 */
export function threshold({ bound, numerator }: OneBit, value: number): number {
  const share = value > 0 ? Math.min(1, value / bound) : 0;
  const steps = Math.round(share * VALUE_STEPS);
  // Every product is an integer below 2^49.
  return VALUE_STEPS * (P_UNITS - numerator) + steps * (2 * numerator - P_UNITS);
}

/** @param draw uniform integer in [0, DRAW_RANGE), from a cryptographic source */
export function randomizedBit(mechanism: OneBit, value: number, draw: number): 0 | 1 {
  return draw < threshold(mechanism, value) ? 1 : 0;
}

/** A draw out of six random bytes. */
export function drawOf(bytes: Uint8Array): number {
  return bytes.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
}
