/** Arithmetic of the slow till: integers alone, one unit at a time. */

/** One unit at a time, always to the line that is furthest below its exact share. */
export function handOut(amount: bigint, weights: ReadonlyMap<string, bigint>): Map<string, bigint> {
  const whole = [...weights.values()].reduce(plus, 0n);
  const out = new Map([...weights.keys()].map((id) => [id, 0n]));
  if (whole === 0n) return out;
  for (const [id, weight] of weights) out.set(id, (amount * weight) / whole);
  let left = amount - [...out.values()].reduce(plus, 0n);
  const lacking = (id: string): bigint => amount * weights.get(id)! - out.get(id)! * whole;
  for (; left > 0n; left--) {
    const [first] = [...weights.keys()].sort((a, b) => {
      if (lacking(a) !== lacking(b)) return lacking(a) > lacking(b) ? -1 : 1;
      if (weights.get(a) !== weights.get(b)) return weights.get(a)! > weights.get(b)! ? -1 : 1;
      return a < b ? -1 : 1;
    });
    out.set(first!, out.get(first!)! + 1n);
  }
  return out;
}

/** Decimals of a percentage that count. */
export const SCALE = 10_000n;

/** A percentage as an integer over SCALE, from its decimal digits. */
export function decimal(percent: number): bigint {
  const [whole, fraction = ''] = percent.toFixed(4).split('.');
  return BigInt(whole!) * SCALE + BigInt(fraction);
}

export const percentOf = (amount: bigint, percent: number): bigint =>
  roundHalfUp(amount * decimal(percent), 100n * SCALE);

export const roundHalfUp = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator) / (2n * denominator);

export const plus = (a: bigint, b: bigint): bigint => a + b;
