/** Rows of features that are mostly zeros, compressed: what the teachers' solvers walk over many times. */

export interface SparseRows {
  count: number;
  width: number;
  /** Row i's entries are those from ptr[i] to ptr[i + 1], [count + 1]. */
  ptr: Int32Array;
  column: Int32Array;
  value: Float32Array;
}

/** @param parts tables of `count` rows that are laid side by side, [count, width] each */
export function sparseRows(
  count: number,
  parts: readonly { table: Float32Array; width: number }[],
): SparseRows {
  let filled = 0;
  for (const { table } of parts) for (const x of table) if (x !== 0) filled++;
  const rows: SparseRows = {
    count,
    width: parts.reduce((sum, { width }) => sum + width, 0),
    ptr: new Int32Array(count + 1),
    column: new Int32Array(filled),
    value: new Float32Array(filled),
  };
  let at = 0;
  for (let i = 0; i < count; i++) {
    let from = 0;
    for (const { table, width } of parts) {
      for (let k = 0; k < width; k++) {
        const x = table[i * width + k]!;
        if (x === 0) continue;
        rows.column[at] = from + k;
        rows.value[at++] = x;
      }
      from += width;
    }
    rows.ptr[i + 1] = at;
  }
  return rows;
}

/** Row i times weights that begin at `from`. */
export function dotRow(rows: SparseRows, i: number, weights: Float64Array, from: number): number {
  const { ptr, column, value } = rows;
  const end = ptr[i + 1]!;
  let sum = 0;
  for (let at = ptr[i]!; at < end; at++) sum += value[at]! * weights[from + column[at]!]!;
  return sum;
}

/** Adds `scale` times row i to sums that begin at `from`. */
export function addRow(rows: SparseRows, i: number, scale: number, sums: Float64Array, from: number): void {
  const { ptr, column, value } = rows;
  const end = ptr[i + 1]!;
  for (let at = ptr[i]!; at < end; at++) sums[from + column[at]!]! += scale * value[at]!;
}
