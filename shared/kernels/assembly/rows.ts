/** What happens within a row, or between two. Widths are multiples of 4 floats; strides are in bytes. */

import { exp, sumLanes } from './vector';

/** y += factor * x over `width` floats: embedding sums and mean pooling. */
export function addRow(y: usize, x: usize, factor: f32, width: i32): void {
  const f = f32x4.splat(factor);
  for (const end = y + (<usize>width << 2); y < end; y += 16, x += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(f, v128.load(x))));
  }
}

/** y += scale * x, x int8: a row of a packed table. */
export function addInt8Row(y: usize, x: usize, scale: f32, width: i32): void {
  const f = f32x4.splat(scale);
  for (const end = y + (<usize>width << 2); y < end; y += 16, x += 4) {
    const wide = i32x4.extend_low_i16x8_s(i16x8.extend_low_i8x16_s(v128.load32_zero(x)));
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(f, f32x4.convert_i32x4_s(wide))));
  }
}

/** y [rows, width] = x * s, the same s for every row. */
export function multiplyRows(x: usize, s: usize, y: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) {
    for (let i: usize = 0; i < bytes; i += 16) {
      v128.store(y + i, f32x4.mul(v128.load(x + i), v128.load(s + i)));
    }
  }
}

/** In place. */
export function relu(x: usize, count: i32): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16) {
    v128.store(x, f32x4.pmax(f32x4.splat(0), v128.load(x)));
  }
}

/**
 * The tanh form of GELU in place. (1 + tanh u) / 2 = 1 / (1 + exp(-2u)) with u = sqrt(2/pi) (x + 0.044715 x^3).
 * Source: Hendrycks and Gimpel 2016, arXiv 1606.08415, section 2.
 */
export function gelu(x: usize, count: i32): void {
  for (const end = x + (<usize>count << 2); x < end; x += 16) {
    const a = v128.load(x), square = f32x4.mul(a, a);
    // -2u, the cubic's constant multiplied in.
    const u = f32x4.mul(a, f32x4.sub(f32x4.splat(-1.5957691216057308), f32x4.mul(square, f32x4.splat(0.07135481627260025))));
    v128.store(x, f32x4.div(a, f32x4.add(f32x4.splat(1), exp(u))));
  }
}

/** y = (x - mean) / sqrt(variance + 1e-5) * gain + bias for each row. */
export function layerNorm(x: usize, gain: usize, bias: usize, y: usize, rows: i32, width: i32): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, x += bytes, y += bytes) {
    let total = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) total = f32x4.add(total, v128.load(x + i));
    const mean = f32x4.splat(sumLanes(total) / <f32>width);
    let squares = f32x4.splat(0);
    for (let i: usize = 0; i < bytes; i += 16) {
      const d = f32x4.sub(v128.load(x + i), mean);
      squares = f32x4.add(squares, f32x4.mul(d, d));
    }
    const inverse = f32x4.splat(<f32>1 / sqrt(sumLanes(squares) / <f32>width + <f32>1e-5));
    for (let i: usize = 0; i < bytes; i += 16) {
      const d = f32x4.mul(f32x4.sub(v128.load(x + i), mean), inverse);
      v128.store(y + i, f32x4.add(f32x4.mul(d, v128.load(gain + i)), v128.load(bias + i)));
    }
  }
}
