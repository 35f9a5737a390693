/**
 * Scaled dot-product attention of one head, a query row at a time (Vaswani et al. 2017, arXiv 1706.03762, eq. 1).
 * Keys and values are read where the projection wrote them, so cached rows of earlier tokens need no copy.
 */

import { exp, maxLanes, sumLanes } from './vector';

// @ts-ignore: decorator
@inline function dotRow(q: usize, k: usize, bytes: usize): v128 {
  let sum = f32x4.splat(0);
  for (let i: usize = 0; i < bytes; i += 16) {
    sum = f32x4.add(sum, f32x4.mul(v128.load(q + i), v128.load(k + i)));
  }
  return sum;
}

/** The lane sums of four vectors as the four lanes of one. */
// @ts-ignore: decorator
@inline function transposedSum(a: v128, b: v128, c: v128, d: v128): v128 {
  const ab = f32x4.add(
    v128.shuffle<f32>(a, b, 0, 4, 1, 5),
    v128.shuffle<f32>(a, b, 2, 6, 3, 7),
  );
  const cd = f32x4.add(
    v128.shuffle<f32>(c, d, 0, 4, 1, 5),
    v128.shuffle<f32>(c, d, 2, 6, 3, 7),
  );
  return f32x4.add(v128.shuffle<f32>(ab, cd, 0, 1, 4, 5), v128.shuffle<f32>(ab, cd, 2, 3, 6, 7));
}

/** scores[0..count) = q . k_j * scale; what is missing to a multiple of eight is far below any score. */
function score(q: usize, k: usize, stride: usize, count: i32, bytes: usize, scale: f32, scores: usize): void {
  const factor = f32x4.splat(scale);
  let j = 0;
  for (; j + 4 <= count; j += 4, k += 4 * stride, scores += 16) {
    const k1 = k + stride, k2 = k1 + stride, k3 = k2 + stride;
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    for (let i: usize = 0; i < bytes; i += 16) {
      const x = v128.load(q + i);
      s0 = f32x4.add(s0, f32x4.mul(x, v128.load(k + i)));
      s1 = f32x4.add(s1, f32x4.mul(x, v128.load(k1 + i)));
      s2 = f32x4.add(s2, f32x4.mul(x, v128.load(k2 + i)));
      s3 = f32x4.add(s3, f32x4.mul(x, v128.load(k3 + i)));
    }
    v128.store(scores, f32x4.mul(factor, transposedSum(s0, s1, s2, s3)));
  }
  if ((count & 7) == 0) return;
  v128.store(scores, f32x4.splat(-1e30));
  if ((j & 7) == 0) v128.store(scores, f32x4.splat(-1e30), 16);
  for (; j < count; j++, k += stride, scores += 4) {
    store<f32>(scores, scale * sumLanes(dotRow(q, k, bytes)));
  }
}

/** Softmax in place, not yet divided by the sum, which is returned. */
function exponentials(x: usize, count: i32): f32 {
  const bytes = <usize>((count + 7) & ~7) << 2;
  let largest = v128.load(x);
  for (let i: usize = 16; i < bytes; i += 16) largest = f32x4.pmax(largest, v128.load(x + i));
  const top = f32x4.splat(maxLanes(largest));
  let total = f32x4.splat(0);
  // Two at once, so that one loading of the constants serves both.
  for (const end = x + bytes; x < end; x += 32) {
    const a = exp(f32x4.sub(v128.load(x), top)), b = exp(f32x4.sub(v128.load(x, 16), top));
    total = f32x4.add(total, f32x4.add(a, b));
    v128.store(x, a);
    v128.store(x, b, 16);
  }
  return sumLanes(total);
}

/** out [bytes] = sum of weight_j * v_j / total, 32 bytes of the head at a time, then 16. */
function mix(weights: usize, v: usize, stride: usize, count: i32, bytes: usize, total: f32, out: usize): void {
  const inverse = f32x4.splat(<f32>1 / total);
  const last = weights + (<usize>count << 2);
  let i: usize = 0;
  for (; i + 32 <= bytes; i += 32) {
    let s0 = f32x4.splat(0), s1 = s0, t0 = s0, t1 = s0;
    let p = v + i;
    let w = weights;
    for (; w + 8 <= last; w += 8, p += 2 * stride) {
      const w0 = v128.load32_splat(w), w1 = v128.load32_splat(w, 4);
      s0 = f32x4.add(s0, f32x4.mul(w0, v128.load(p)));
      s1 = f32x4.add(s1, f32x4.mul(w0, v128.load(p, 16)));
      t0 = f32x4.add(t0, f32x4.mul(w1, v128.load(p + stride)));
      t1 = f32x4.add(t1, f32x4.mul(w1, v128.load(p + stride, 16)));
    }
    if (w < last) {
      const w0 = v128.load32_splat(w);
      s0 = f32x4.add(s0, f32x4.mul(w0, v128.load(p)));
      s1 = f32x4.add(s1, f32x4.mul(w0, v128.load(p, 16)));
    }
    v128.store(out + i, f32x4.mul(f32x4.add(s0, t0), inverse));
    v128.store(out + i, f32x4.mul(f32x4.add(s1, t1), inverse), 16);
  }
  if (i == bytes) return;
  let s = f32x4.splat(0);
  for (let w = weights, p = v + i; w < last; w += 4, p += stride) {
    s = f32x4.add(s, f32x4.mul(v128.load32_splat(w), v128.load(p)));
  }
  v128.store(out + i, f32x4.mul(s, inverse));
}

/**
 * out [rows, width] for `rows` queries. The first sees `count` keys; each next one sees `growth` more: 1 is causal,
 * 0 is full. q, k and v point at the head's first lane; `scores` is room for all keys, rounded up to eight.
 */
export function attend(
  q: usize, k: usize, v: usize, stride: usize, out: usize, outStride: usize,
  rows: i32, count: i32, growth: i32, width: i32, scale: f32, scores: usize,
): void {
  const bytes = <usize>width << 2;
  for (let row = 0; row < rows; row++, q += stride, out += outStride, count += growth) {
    score(q, k, stride, count, bytes, scale, scores);
    mix(scores, v, stride, count, bytes, exponentials(scores, count), out);
  }
}
