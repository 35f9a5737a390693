/** Limited-memory BFGS (Nocedal and Wright, Numerical Optimization, 2nd edition, algorithms 7.4 and 7.5). */

/** The loss at x; writes its gradient into `gradient`. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

export interface LbfgsOptions {
  iterations: number;
  /** Pairs of steps and gradient changes that are remembered. */
  memory: number;
  /** Stops when a step lowers the loss by less than this share. */
  tolerance: number;
}

export const LBFGS: LbfgsOptions = { iterations: 60, memory: 10, tolerance: 1e-5 };

/** Armijo's sufficient decrease, and how often a step is halved before giving up. */
const DECREASE = 1e-4;
const HALVINGS = 12;

/** Minimises a smooth function from `x`, which it changes in place. @returns the loss reached */
export function minimise(objective: Objective, x: Float64Array, options: LbfgsOptions = LBFGS): number {
  const pairs: { step: Float64Array; change: Float64Array; rho: number }[] = [];
  let gradient: Float64Array = new Float64Array(x.length);
  let loss = objective(x, gradient);
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const direction = directionOf(gradient, pairs);
    const slope = dot(gradient, direction);
    if (!(slope > 0)) break;
    const next = new Float64Array(x.length);
    const nextGradient = new Float64Array(x.length);
    let size = 1;
    let nextLoss = Number.POSITIVE_INFINITY;
    for (let halving = 0; halving < HALVINGS; halving++, size /= 2) {
      for (let k = 0; k < x.length; k++) next[k] = x[k]! - size * direction[k]!;
      nextLoss = objective(next, nextGradient);
      if (nextLoss <= loss - DECREASE * size * slope) break;
    }
    if (!(nextLoss < loss)) break;
    const step = next.map((value, k) => value - x[k]!);
    const change = nextGradient.map((value, k) => value - gradient[k]!);
    const curvature = dot(step, change);
    if (curvature > 1e-12) pairs.push({ step, change, rho: 1 / curvature });
    if (pairs.length > options.memory) pairs.shift();
    const fall = (loss - nextLoss) / Math.max(1e-12, Math.abs(loss));
    x.set(next);
    gradient = nextGradient;
    loss = nextLoss;
    // The first steps know no curvature: that they gain little means nothing.
    if (fall < options.tolerance && iteration >= options.memory) break;
  }
  return loss;
}

/** The two-loop recursion: the inverse Hessian's estimate times the gradient. */
function directionOf(
  gradient: Float64Array,
  pairs: readonly { step: Float64Array; change: Float64Array; rho: number }[],
): Float64Array {
  const direction = gradient.slice();
  const alphas = new Float64Array(pairs.length);
  for (let j = pairs.length - 1; j >= 0; j--) {
    const { step, change, rho } = pairs[j]!;
    alphas[j] = rho * dot(step, direction);
    addTo(direction, change, -alphas[j]!);
  }
  const latest = pairs.at(-1);
  const scale =
    latest === undefined
      ? 1 / Math.max(1e-12, Math.sqrt(dot(gradient, gradient)))
      : 1 / (latest.rho * dot(latest.change, latest.change));
  for (let k = 0; k < direction.length; k++) direction[k]! *= scale;
  pairs.forEach(({ step, change, rho }, j) => {
    addTo(direction, step, alphas[j]! - rho * dot(change, direction));
  });
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}

function addTo(sum: Float64Array, x: Float64Array, scale: number): void {
  for (let k = 0; k < sum.length; k++) sum[k]! += scale * x[k]!;
}
