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

/** Panels of a row-major matrix [depth, columns]; columns beyond the last multiple of 8 are filled with zeros. */
export function packPanels(from: usize, to: usize, depth: i32, columns: i32): void {
  for (let column = 0; column < columns; column += 8) {
    for (let k = 0; k < depth; k++) {
      for (let j = column; j < column + 8; j++) {
        store<f32>(to, j < columns ? load<f32>(from + (<usize>(k * columns + j) << 2)) : 0);
        to += 4;
      }
    }
  }
}

/** The same of int8 with a float32 scale a column: value = int8 * scale. */
export function packInt8Panels(from: usize, scale: usize, to: usize, depth: i32, columns: i32): void {
  let column = 0;
  for (; column + 8 <= columns; column += 8) {
    const s0 = v128.load(scale + (<usize>column << 2)), s1 = v128.load(scale + (<usize>column << 2), 16);
    let at = from + column;
    for (let k = 0; k < depth; k++) {
      const wide = i16x8.extend_low_i8x16_s(v128.load64_zero(at));
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_low_i16x8_s(wide)), s0));
      v128.store(to, f32x4.mul(f32x4.convert_i32x4_s(i32x4.extend_high_i16x8_s(wide)), s1), 16);
      at += columns;
      to += 32;
    }
  }
  for (; column < columns; column += 8) {
    for (let k = 0; k < depth; k++) {
      for (let j = column; j < column + 8; j++) {
        const value = j < columns ? <f32>load<i8>(from + <usize>(k * columns + j)) * load<f32>(scale + (<usize>j << 2)) : 0;
        store<f32>(to, value);
        to += 4;
      }
    }
  }
}
