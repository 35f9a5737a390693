/** The standard normal distribution. */

/** P(Z <= z), to 1e-14 in absolute terms. */
export function normalCdf(z: number): number {
  const x = Math.abs(z);
  const tail = x < 3 ? seriesTail(x) : continuedTail(x);
  return z > 0 ? 1 - tail : tail;
}

/** P(Z <= z) = p: Newton's steps on the distribution, from a logistic start. */
export function normalQuantile(p: number): number {
  if (p <= 0) return Number.NEGATIVE_INFINITY;
  if (p >= 1) return Number.POSITIVE_INFINITY;
  if (p > 0.5) return -normalQuantile(1 - p);
  // In the logarithm the distribution is concave, so Newton's steps do not overshoot.
  let z = -Math.sqrt(-2 * Math.log(2 * p));
  for (let step = 0; step < 50; step++) {
    const cdf = normalCdf(z);
    const move = (Math.log(cdf / p) * cdf) / normalDensity(z);
    z -= move;
    if (Math.abs(move) < 1e-12) break;
  }
  return z;
}

const normalDensity = (z: number): number => Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);

/** 1 - Phi(x) = 1/2 - phi(x) * sum over x^(2k+1) / (1 3 5 ... (2k+1)) (Marsaglia 2004). */
function seriesTail(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k < 200 && term > 1e-18 * sum; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 - normalDensity(x) * sum;
}

/** Mills' ratio as a continued fraction (Laplace): 1 / (x + 1 / (x + 2 / (x + ...))). */
function continuedTail(x: number): number {
  let fraction = x;
  for (let k = 40; k > 0; k--) fraction = x + k / fraction;
  return normalDensity(x) / fraction;
}
