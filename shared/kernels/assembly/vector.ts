/** What the kernels compute on four float32 lanes at once. */

// @ts-ignore: decorator
@inline export function sumLanes(x: v128): f32 {
  return f32x4.extract_lane(x, 0) + f32x4.extract_lane(x, 1) + (f32x4.extract_lane(x, 2) + f32x4.extract_lane(x, 3));
}

// @ts-ignore: decorator
@inline export function maxLanes(x: v128): f32 {
  return max(
    max(f32x4.extract_lane(x, 0), f32x4.extract_lane(x, 1)),
    max(f32x4.extract_lane(x, 2), f32x4.extract_lane(x, 3)),
  );
}

// @ts-ignore: decorator
@inline function horner(y: v128, x: v128, coefficient: f32): v128 {
  return f32x4.add(f32x4.mul(y, x), f32x4.splat(coefficient));
}

/** Added to a float32 below 2^22 in size, leaves its nearest integer in the low bits: 1.5 * 2^23. */
// @ts-ignore: decorator
@inline const ROUNDER: f32 = 12582912;

/** The nearest integers to x, |x| < 2^22, as int32: two instructions where the conversion proper takes eight. */
// @ts-ignore: decorator
@inline export function nearestInteger(x: v128): v128 {
  return i32x4.sub(f32x4.add(x, f32x4.splat(ROUNDER)), i32x4.splat(0x4b400000));
}

/**
 * e^x within 2 units in the last place, x held to -87..88 so that neither end leaves the normal numbers.
 * pmin and pmax are one instruction each, where min and max spend seven on the sign of zero and on NaN.
 * Source: expf of the Cephes library (Moshier), range reduction by ln 2 in two parts.
 */
export function exp(x: v128): v128 {
  x = f32x4.pmax(f32x4.splat(-87), f32x4.pmin(f32x4.splat(88), x));
  const shifted = f32x4.add(f32x4.mul(x, f32x4.splat(1.44269504088896341)), f32x4.splat(ROUNDER));
  const n = f32x4.sub(shifted, f32x4.splat(ROUNDER));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = horner(y, x, 1.3981999507e-3);
  y = horner(y, x, 8.3334519073e-3);
  y = horner(y, x, 4.1665795894e-2);
  y = horner(y, x, 1.6666665459e-1);
  y = horner(y, x, 5.0000001201e-1);
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(x, x)), x), f32x4.splat(1));
  // The shift leaves n of the low bits, where the exponent stands; 127 is its bias.
  return f32x4.mul(y, i32x4.add(i32x4.shl(shifted, 23), i32x4.splat(127 << 23)));
}
