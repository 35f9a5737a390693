/**
 * Float32 matrix product. The right side is packed once into panels of eight columns, [columns/8][depth][8], so
 * that the inner loop reads it in order; four rows by eight columns stay in registers.
 * Strides and lengths of rows are in bytes, counts in elements; `columns` is a multiple of 8.
 */

// @ts-ignore: decorator
@inline function madd(x: v128, y: v128, sum: v128): v128 {
  return f32x4.add(f32x4.mul(x, y), sum);
}

// @ts-ignore: decorator
@inline function put(at: usize, low: v128, high: v128, accumulate: bool): void {
  if (accumulate) {
    low = f32x4.add(low, v128.load(at));
    high = f32x4.add(high, v128.load(at, 16));
  }
  v128.store(at, low);
  v128.store(at, high, 16);
}

/** c [rows, columns] = a [rows, depth] * b + bias, added to what c holds where `accumulate`. Bias 0 is none. */
export function matmul(
  a: usize, aStride: usize, b: usize, bias: usize, c: usize, cStride: usize,
  rows: i32, depth: i32, columns: i32, accumulate: bool,
): void {
  for (let column = 0; column < columns; column += 8) {
    const z = f32x4.splat(0);
    const bias0 = bias ? v128.load(bias + (<usize>column << 2)) : z;
    const bias1 = bias ? v128.load(bias + (<usize>column << 2), 16) : z;
    let at = c + (<usize>column << 2);
    let from = a;
    let row = 0;
    for (; row + 4 <= rows; row += 4) {
      let s00 = bias0, s01 = bias1, s10 = bias0, s11 = bias1;
      let s20 = bias0, s21 = bias1, s30 = bias0, s31 = bias1;
      let p = b;
      let a0 = from, a1 = a0 + aStride, a2 = a1 + aStride, a3 = a2 + aStride;
      for (let k = 0; k < depth; k++) {
        const w0 = v128.load(p), w1 = v128.load(p, 16);
        let x = v128.load32_splat(a0);
        s00 = madd(x, w0, s00); s01 = madd(x, w1, s01);
        x = v128.load32_splat(a1);
        s10 = madd(x, w0, s10); s11 = madd(x, w1, s11);
        x = v128.load32_splat(a2);
        s20 = madd(x, w0, s20); s21 = madd(x, w1, s21);
        x = v128.load32_splat(a3);
        s30 = madd(x, w0, s30); s31 = madd(x, w1, s31);
        p += 32;
        a0 += 4; a1 += 4; a2 += 4; a3 += 4;
      }
      put(at, s00, s01, accumulate);
      put(at + cStride, s10, s11, accumulate);
      put(at + 2 * cStride, s20, s21, accumulate);
      put(at + 3 * cStride, s30, s31, accumulate);
      at += 4 * cStride;
      from += 4 * aStride;
    }
    // Two sums a column, or each addition would wait for the one before.
    for (; row < rows; row++) {
      let s0 = bias0, s1 = bias1, t0 = z, t1 = z;
      let p = b;
      let x = from;
      let k = 0;
      for (; k + 2 <= depth; k += 2) {
        const x0 = v128.load32_splat(x), x1 = v128.load32_splat(x, 4);
        s0 = madd(x0, v128.load(p), s0); s1 = madd(x0, v128.load(p, 16), s1);
        t0 = madd(x1, v128.load(p, 32), t0); t1 = madd(x1, v128.load(p, 48), t1);
        p += 64;
        x += 8;
      }
      if (k < depth) {
        const x0 = v128.load32_splat(x);
        s0 = madd(x0, v128.load(p), s0); s1 = madd(x0, v128.load(p, 16), s1);
      }
      put(at, f32x4.add(s0, t0), f32x4.add(s1, t1), accumulate);
      at += cStride;
      from += aStride;
    }
    b += <usize>depth << 5;
  }
}

/**
 * Panels of a row-major matrix [depth, columns], each column times its scale: 0 for those beyond the last, up to a
 * multiple of 8, which are read from the row after, so that the matrix needs 28 bytes to be read behind it.
 */
export function packPanels(from: usize, scale: usize, to: usize, depth: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8, scale += 32) {
    let at = from + (<usize>column << 2);
    for (let k = 0; k < depth; k++) {
      scaled(to, scale, v128.load(at), v128.load(at, 16));
      at += <usize>columns << 2;
      to += 32;
    }
  }
}

/** The same of int8. */
export function packInt8Panels(from: usize, scale: usize, to: usize, depth: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8, scale += 32) {
    let at = from + column;
    for (let k = 0; k < depth; k++) {
      const wide = i16x8.extend_low_i8x16_s(v128.load64_zero(at));
      const low = i32x4.extend_low_i16x8_s(wide), high = i32x4.extend_high_i16x8_s(wide);
      scaled(to, scale, f32x4.convert_i32x4_s(low), f32x4.convert_i32x4_s(high));
      at += columns;
      to += 32;
    }
  }
}

// @ts-ignore: decorator
@inline function scaled(to: usize, scale: usize, low: v128, high: v128): void {
  v128.store(to, f32x4.mul(low, v128.load(scale)));
  v128.store(to, f32x4.mul(high, v128.load(scale, 16)), 16);
}
