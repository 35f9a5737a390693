/** The lower triangle L of a positive definite matrix L L', and solving by it. Matrices are [n, n], row by row. */

/** Replaces a matrix's lower triangle by its factor; what is above the diagonal stays. */
export function cholesky(l: Float64Array, n: number): void {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = l[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]!;
      l[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / l[j * n + j]!;
    }
  }
}

/** Solves L x = b in place. */
export function forward(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    let sum = b[i]!;
    for (let k = 0; k < i; k++) sum -= l[i * n + k]! * b[k]!;
    b[i] = sum / l[i * n + i]!;
  }
  return b;
}

/** Solves L' x = b in place. */
export function backward(l: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  for (let i = n - 1; i >= 0; i--) {
    const x = b[i]! / l[i * n + i]!;
    b[i] = x;
    // Row by row of L: a column would leave the cache at every number.
    for (let k = 0; k < i; k++) b[k]! -= l[i * n + k]! * x;
  }
  return b;
}
