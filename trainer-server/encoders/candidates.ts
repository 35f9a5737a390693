/** Which products a batch is scored against where the catalogue is too large to score whole. */

import type { Random } from '../../shared/random.ts';

export interface Candidates {
  /** Rows, each once, [scored]. */
  rows: Int32Array;
  /** Log of each row's chance to be among them, [scored]. */
  logChance: Float32Array;
  /** The targets as indices into `rows`. */
  targets: Int32Array;
}

/**
 * The batch's own targets, then products drawn evenly until `scored` are together.
 * @param shares how often each product is a target, [products], sums to 1
 */
export function drawCandidates(
  targets: Int32Array,
  shares: Float64Array,
  scored: number,
  random: Random,
): Candidates {
  const place = new Map<number, number>();
  for (const row of targets) if (!place.has(row)) place.set(row, place.size);
  const free = scored - place.size;
  while (place.size < scored) {
    const row = random.int(shares.length);
    if (!place.has(row)) place.set(row, place.size);
  }
  const rows = Int32Array.from(place.keys());
  const evenly = free / shares.length;
  return {
    rows,
    logChance: Float32Array.from(rows, (row) =>
      Math.log(1 - (1 - shares[row]!) ** targets.length * (1 - evenly)),
    ),
    targets: targets.map((row) => place.get(row)!),
  };
}
