import { describe, expect, it } from 'vitest';
import { LBFGS, minimise } from '../../../trainer-server/policy/lbfgs.ts';

describe('limited-memory BFGS', () => {
  it("finds the valley of Rosenbrock's function", () => {
    const x = Float64Array.of(-1.2, 1);
    const loss = minimise(
      ([a, b], gradient) => {
        gradient[0] = -2 * (1 - a!) - 400 * a! * (b! - a! * a!);
        gradient[1] = 200 * (b! - a! * a!);
        return (1 - a!) ** 2 + 100 * (b! - a! * a!) ** 2;
      },
      x,
      { ...LBFGS, iterations: 200, tolerance: 0 },
    );
    expect(loss).toBeLessThan(1e-10);
    expect(x[0]).toBeCloseTo(1, 4);
    expect(x[1]).toBeCloseTo(1, 4);
  });

  it('leaves a minimum as it is', () => {
    const x = Float64Array.of(2);
    minimise(([a], gradient) => {
      gradient[0] = 2 * (a! - 2);
      return (a! - 2) ** 2;
    }, x);
    expect(x[0]).toBe(2);
  });
});
