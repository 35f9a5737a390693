/**
 * Matrix product of int8 weights and 7-bit activations, compiled twice: with relaxed SIMD, whose dot product takes
 * 16 pairs of int8 at once, and without, where the same integers stand in 16 bits. Both give the same sums, bit by
 * bit: the second factor never has its top bit set, which is all that relaxed_dot_i8x16_i7x16 leaves open.
 * Source: https://github.com/WebAssembly/relaxed-simd/blob/main/proposals/relaxed-simd/Overview.md
 *
 * A row x of activations is low + step * u, u in 0..127, so with weights w = scale * i
 *   x . w = scale * (step * (u . i) + low * sum of i).
 */

import { nearestInteger } from './vector';

// @ts-ignore: decorator
@inline const RELAXED: bool = ASC_FEATURE_RELAXED_SIMD;
/** Bytes of one integer. */
// @ts-ignore: decorator
@inline const SIZE: usize = RELAXED ? 1 : 2;
/** Integers in the 32 bits that one lane multiplies. */
// @ts-ignore: decorator
@inline const GROUP: i32 = RELAXED ? 4 : 2;

// @ts-ignore: decorator
@inline function dot(weights: v128, x: v128, sum: v128): v128 {
  return RELAXED
    ? i32x4.relaxed_dot_i8x16_i7x16_add_s(weights, x, sum)
    : i32x4.add(sum, i32x4.dot_i16x8_s(weights, x));
}

/** Bytes that one integer of a packed matrix or of quantized rows takes. */
export function integerSize(): usize {
  return SIZE;
}

/**
 * Packs int8 weights [depth, columns] as [columns/8][depth/GROUP][8][GROUP], and gives each column's
 * scale * sum of i in `sums`. depth is a multiple of 4, columns of 8.
 */
export function packIntegers(from: usize, scale: usize, to: usize, sums: usize, depth: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8) {
    for (let j = column; j < column + 8; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) sum += <i32>load<i8>(from + <usize>(k * columns + j));
      store<f32>(sums + (<usize>j << 2), <f32>sum * load<f32>(scale + (<usize>j << 2)));
    }
    for (let k = 0; k < depth; k += GROUP) {
      for (let j = column; j < column + 8; j++) {
        for (let i = k; i < k + GROUP; i++, to += SIZE) {
          const value = load<i8>(from + <usize>(i * columns + j));
          if (RELAXED) store<i8>(to, value);
          else store<i16>(to, value);
        }
      }
    }
  }
}

/** Rows of floats [rows, depth] as integers; `ranges` [rows, 2] gets each row's step and low. depth is a multiple of 8. */
export function quantizeRows(x: usize, to: usize, ranges: usize, rows: i32, depth: i32): void {
  const bytes = <usize>depth << 2;
  for (let row = 0; row < rows; row++, ranges += 8) {
    let least = v128.load(x), most = least;
    for (let i: usize = 16; i < bytes; i += 16) {
      const value = v128.load(x + i);
      least = f32x4.pmin(least, value);
      most = f32x4.pmax(most, value);
    }
    const low = min(
      min(f32x4.extract_lane(least, 0), f32x4.extract_lane(least, 1)),
      min(f32x4.extract_lane(least, 2), f32x4.extract_lane(least, 3)),
    );
    const high = max(
      max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1)),
      max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3)),
    );
    // A constant row has no range: its integers are all 0 whatever the step.
    const step = max((high - low) / 127, <f32>1e-30);
    store<f32>(ranges, step);
    store<f32>(ranges, low, 4);
    const inverse = f32x4.splat(<f32>1 / step), base = f32x4.splat(low);
    for (const end = x + bytes; x < end; x += 32, to += 8 * SIZE) {
      const a = f32x4.mul(f32x4.sub(v128.load(x), base), inverse);
      const b = f32x4.mul(f32x4.sub(v128.load(x, 16), base), inverse);
      // Rounding may carry the largest to 128, whose bit the dot product must not see.
      const wide = i16x8.min_s(
        i16x8.narrow_i32x4_s(nearestInteger(a), nearestInteger(b)),
        i16x8.splat(127),
      );
      if (RELAXED) v128.store64_lane(to, i8x16.narrow_i16x8_u(wide, wide), 0);
      else v128.store(to, wide);
    }
  }
}

// @ts-ignore: decorator
@inline function put(at: usize, sum: v128, scale: v128, weights: v128, bias: v128, ranges: usize, accumulate: bool): void {
  let value = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sum), v128.load32_splat(ranges)), scale);
  value = f32x4.add(f32x4.add(value, f32x4.mul(v128.load32_splat(ranges, 4), weights)), bias);
  if (accumulate) value = f32x4.add(value, v128.load(at));
  v128.store(at, value);
}

/**
 * c [rows, columns] = a * b + bias, added to what c holds where `accumulate`. `rows` is a multiple of 4, `columns` of
 * 8, `depth` of 4; cStride is in bytes.
 */
export function multiplyIntegers(
  a: usize, ranges: usize, b: usize, scale: usize, sums: usize, bias: usize, c: usize, cStride: usize,
  rows: i32, depth: i32, columns: i32, accumulate: bool,
): void {
  const aStride = <usize>depth * SIZE;
  for (let column = 0; column < columns; column += 8) {
    const o = <usize>column << 2;
    const scale0 = v128.load(scale + o), scale1 = v128.load(scale + o, 16);
    const sums0 = v128.load(sums + o), sums1 = v128.load(sums + o, 16);
    const bias0 = v128.load(bias + o), bias1 = v128.load(bias + o, 16);
    const next = b + 8 * aStride;
    let from = a, range = ranges, at = c + o;
    for (let row = 0; row < rows; row += 4) {
      let a0 = from, a1 = a0 + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
      const z = i32x4.splat(0);
      let s00 = z, s01 = z, s10 = z, s11 = z, s20 = z, s21 = z, s30 = z, s31 = z;
      for (let p = b; p < next; p += 32) {
        const w0 = v128.load(p), w1 = v128.load(p, 16);
        let x = v128.load32_splat(a0);
        s00 = dot(w0, x, s00); s01 = dot(w1, x, s01);
        x = v128.load32_splat(a1);
        s10 = dot(w0, x, s10); s11 = dot(w1, x, s11);
        x = v128.load32_splat(a2);
        s20 = dot(w0, x, s20); s21 = dot(w1, x, s21);
        x = v128.load32_splat(a3);
        s30 = dot(w0, x, s30); s31 = dot(w1, x, s31);
        a0 += 4; a1 += 4; a2 += 4; a3 += 4;
      }
      put(at, s00, scale0, sums0, bias0, range, accumulate);
      put(at + 16, s01, scale1, sums1, bias1, range, accumulate);
      at += cStride;
      put(at, s10, scale0, sums0, bias0, range + 8, accumulate);
      put(at + 16, s11, scale1, sums1, bias1, range + 8, accumulate);
      at += cStride;
      put(at, s20, scale0, sums0, bias0, range + 16, accumulate);
      put(at + 16, s21, scale1, sums1, bias1, range + 16, accumulate);
      at += cStride;
      put(at, s30, scale0, sums0, bias0, range + 24, accumulate);
      put(at + 16, s31, scale1, sums1, bias1, range + 24, accumulate);
      at += cStride;
      from += 4 * aStride;
      range += 32;
    }
    b = next;
  }
}
