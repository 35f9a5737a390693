/** Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5). */

/** The loss at x; writes its gradient into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number | Promise<number>;

export interface LbfgsOptions {
  iterations: number;
  /** Pairs of steps and gradient changes that are remembered. */
  memory: number;
  /** Stops when a step lowers the loss by less than this share. */
  tolerance: number;
  /** Whether time has run out: it then ends after `leastIterations`. */
  late?: () => boolean;
  leastIterations: number;
}

export const LBFGS: LbfgsOptions = { iterations: 100, memory: 20, tolerance: 1e-6, leastIterations: 8 };

/** Armijo's sufficient decrease, and how often a step is halved before giving up. */
const DECREASE = 1e-4;
const HALVINGS = 12;

interface Pair {
  step: Float64Array;
  change: Float64Array;
  rho: number;
}

/**
 * Minimises a smooth function from `x`, which it changes in place.
 * @param curvature a guess of the Hessian's diagonal, which the first steps go by; all alike where absent
 * @returns the loss reached
 */
export async function minimise(
  objective: Objective,
  x: Float64Array,
  options: LbfgsOptions = LBFGS,
  curvature?: Float64Array,
): Promise<number> {
  const pairs: Pair[] = [];
  let gradient: Float64Array = new Float64Array(x.length);
  const next: Float64Array = new Float64Array(x.length);
  let nextGradient: Float64Array = new Float64Array(x.length);
  const direction = new Float64Array(x.length);
  let loss = await objective(x, gradient);
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    directionOf(gradient, pairs, curvature, direction);
    const slope = dot(gradient, direction);
    if (!(slope > 0)) break;
    let size = 1;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < HALVINGS; halving++, size /= 2) {
      for (let k = 0; k < x.length; k++) next[k] = x[k]! - size * direction[k]!;
      nextLoss = await objective(next, nextGradient);
      if (nextLoss <= loss - DECREASE * size * slope) break;
    }
    if (!(nextLoss < loss)) break;
    remember(pairs, options.memory, x, next, gradient, nextGradient);
    const fall = (loss - nextLoss) / Math.max(1e-12, Math.abs(loss));
    x.set(next);
    [gradient, nextGradient] = [nextGradient, gradient];
    loss = nextLoss;
    // The first steps know no curvature: that they gain little means nothing.
    if (fall < options.tolerance && iteration >= options.memory) break;
    if (iteration + 1 >= options.leastIterations && options.late?.()) break;
  }
  return loss;
}

/** The oldest pair's memory is used again: fits are many and their vectors long. */
function remember(
  pairs: Pair[],
  memory: number,
  x: Float64Array,
  next: Float64Array,
  gradient: Float64Array,
  nextGradient: Float64Array,
): void {
  const pair =
    pairs.length < memory
      ? { step: new Float64Array(x.length), change: new Float64Array(x.length), rho: 0 }
      : pairs.shift()!;
  for (let k = 0; k < x.length; k++) {
    pair.step[k] = next[k]! - x[k]!;
    pair.change[k] = nextGradient[k]! - gradient[k]!;
  }
  const bend = dot(pair.step, pair.change);
  if (!(bend > 1e-12)) return;
  pair.rho = 1 / bend;
  pairs.push(pair);
}

/** The two-loop recursion: the inverse Hessian's estimate times the gradient. */
function directionOf(
  gradient: Float64Array,
  pairs: readonly Pair[],
  curvature: Float64Array | undefined,
  direction: Float64Array,
): void {
  direction.set(gradient);
  const alphas = new Float64Array(pairs.length);
  for (let j = pairs.length - 1; j >= 0; j--) {
    const { step, change, rho } = pairs[j]!;
    alphas[j] = rho * dot(step, direction);
    addTo(direction, change, -alphas[j]!);
  }
  const scale = scaleOf(gradient, pairs.at(-1), curvature);
  for (let k = 0; k < direction.length; k++) direction[k]! *= scale / (curvature?.[k] ?? 1);
  pairs.forEach(({ step, change, rho }, j) => {
    addTo(direction, step, alphas[j]! - rho * dot(change, direction));
  });
}

/** Equation 7.20, in the metric of the curvature given; before any step its own guess, or a step of length one. */
function scaleOf(
  gradient: Float64Array,
  latest: Pair | undefined,
  curvature: Float64Array | undefined,
): number {
  if (latest === undefined) {
    return curvature === undefined ? 1 / Math.max(1e-12, Math.sqrt(dot(gradient, gradient))) : 1;
  }
  const { change, rho } = latest;
  let squares = 0;
  for (let k = 0; k < change.length; k++) squares += change[k]! ** 2 / (curvature?.[k] ?? 1);
  return 1 / (rho * squares);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function addTo(sum: Float64Array, x: Float64Array, scale: number): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += scale * x[k]!;
}
