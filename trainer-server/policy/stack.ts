/** How far to trust each teacher: least squares on decisions that none of them saw (stacking, Wolpert 1992). */

import type { PolicyData } from './policy-data.ts';
import type { Predictions } from './predict.ts';

/**
 * Non-negative weights of two teachers' advantages, those that predict the left-out targets best. Their sum may stay
 * below one: noisy advantages are shrunk.
 */
export function stackingWeights(
  data: PolicyData,
  [a, b]: readonly [Predictions, Predictions],
  targets: Float32Array,
): [number, number] {
  let aa = 0;
  let ab = 0;
  let bb = 0;
  let ay = 0;
  let by = 0;
  for (let i = 0; i < data.count; i++) {
    const taken = data.offsets[i]! + data.chosen[i]!;
    const x = a.advantage[taken]!;
    const z = b.advantage[taken]!;
    const y = targets[i]! - (a.value[i]! + b.value[i]!) / 2;
    aa += x * x;
    ab += x * z;
    bb += z * z;
    ay += x * y;
    by += z * y;
  }
  const determinant = aa * bb - ab * ab;
  if (determinant > 1e-9 * aa * bb) {
    const wa = (ay * bb - by * ab) / determinant;
    const wb = (by * aa - ay * ab) / determinant;
    if (wa >= 0 && wb >= 0) return [wa, wb];
  }
  // On the boundary one teacher stands alone: the one that explains more.
  const gainA = aa > 0 ? Math.max(0, ay) ** 2 / aa : 0;
  const gainB = bb > 0 ? Math.max(0, by) ** 2 / bb : 0;
  if (gainA === 0 && gainB === 0) return [0.5, 0.5];
  return gainA >= gainB ? [ay / aa, 0] : [0, by / bb];
}

/** The teachers' common word: weighted advantages, mean levels. */
export function blended(
  [a, b]: readonly [Predictions, Predictions],
  [wa, wb]: readonly [number, number],
): Predictions {
  const mix = (x: Float32Array, z: Float32Array, wx: number, wz: number): Float32Array =>
    x.map((value, i) => wx * value + wz * z[i]!);
  return {
    value: mix(a.value, b.value, 0.5, 0.5),
    level: mix(a.level, b.level, 0.5, 0.5),
    advantage: mix(a.advantage, b.advantage, wa, wb),
  };
}
