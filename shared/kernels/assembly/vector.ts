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

/**
 * e^x within 2 units in the last place, x held to -87..88 so that neither end leaves the normal numbers.
 * Source: expf of the Cephes library (Moshier), range reduction by ln 2 in two parts.
 */
// @ts-ignore: decorator
@inline export function exp(x: v128): v128 {
  x = f32x4.max(f32x4.splat(-87), f32x4.min(x, f32x4.splat(88)));
  const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504088896341)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
  x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.12194440e-4)));
  let y = f32x4.splat(1.9875691500e-4);
  y = horner(y, x, 1.3981999507e-3);
  y = horner(y, x, 8.3334519073e-3);
  y = horner(y, x, 4.1665795894e-2);
  y = horner(y, x, 1.6666665459e-1);
  y = horner(y, x, 5.0000001201e-1);
  y = f32x4.add(f32x4.add(f32x4.mul(y, f32x4.mul(x, x)), x), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
  return f32x4.mul(y, power);
}
