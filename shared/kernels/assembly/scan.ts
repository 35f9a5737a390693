/** How likely every row of an int8 table is for one query: what recommending asks of a whole catalogue. */

import { exp, maxLanes, sumLanes } from './vector';

/** Four lanes of int32 as floats, times four of the query. */
// @ts-ignore: decorator
@inline function times(integers: v128, query: usize): v128 {
  return f32x4.mul(f32x4.convert_i32x4_s(integers), v128.load(query));
}

/** out [rows] = scale * (table row . query), in float32; width is a multiple of 16. */
export function scanRows(table: usize, scale: usize, query: usize, out: usize, rows: i32, width: i32): void {
  const end = query + (<usize>width << 2);
  for (let row = 0; row < rows; row++, scale += 4, out += 4) {
    let a = f32x4.splat(0), b = a, c = a, d = a;
    for (let q = query; q < end; q += 64, table += 16) {
      const integers = v128.load(table);
      const low = i16x8.extend_low_i8x16_s(integers), high = i16x8.extend_high_i8x16_s(integers);
      a = f32x4.add(a, times(i32x4.extend_low_i16x8_s(low), q));
      b = f32x4.add(b, times(i32x4.extend_high_i16x8_s(low), q + 16));
      c = f32x4.add(c, times(i32x4.extend_low_i16x8_s(high), q + 32));
      d = f32x4.add(d, times(i32x4.extend_high_i16x8_s(high), q + 48));
    }
    store<f32>(out, sumLanes(f32x4.add(f32x4.add(a, b), f32x4.add(c, d))) * load<f32>(scale));
  }
}

/** x [count] to shares of one, in place; count is a multiple of 4, what is no row holds the least float. */
export function softmaxRows(x: usize, count: i32): void {
  const end = x + (<usize>count << 2);
  let largest = v128.load(x);
  for (let p = x; p < end; p += 16) largest = f32x4.pmax(largest, v128.load(p));
  const top = f32x4.splat(maxLanes(largest));
  let total = f32x4.splat(0);
  for (let p = x; p < end; p += 16) {
    const e = exp(f32x4.sub(v128.load(p), top));
    total = f32x4.add(total, e);
    v128.store(p, e);
  }
  const inverse = f32x4.splat(<f32>1 / sumLanes(total));
  for (let p = x; p < end; p += 16) v128.store(p, f32x4.mul(v128.load(p), inverse));
}
