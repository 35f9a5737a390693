import { describe, expect, it } from 'vitest';
import { LBFGS, minimise } from '../../../trainer-server/policy/lbfgs.ts';

describe('limited-memory BFGS', () => {
  it("finds the valley of Rosenbrock's function", async () => {
    const x = Float64Array.of(-1.2, 1);
    const loss = await minimise(
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

  it('takes few steps down a valley a million times as long as wide whose curvature it is told', async () => {
    let asked = 0;
    const x = Float64Array.of(3, 3);
    await minimise(
      ([a, b], gradient) => {
        asked++;
        gradient[0] = 1e6 * a!;
        gradient[1] = b!;
        return 0.5 * (1e6 * a! ** 2 + b! ** 2);
      },
      x,
      { ...LBFGS, tolerance: 0 },
      Float64Array.of(1e6, 1),
    );
    expect(asked).toBeLessThan(4);
    expect([...x]).toEqual([0, 0]);
  });

  it('leaves a minimum as it is', async () => {
    const x = Float64Array.of(2);
    await minimise(([a], gradient) => {
      gradient[0] = 2 * (a! - 2);
      return (a! - 2) ** 2;
    }, x);
    expect(x[0]).toBe(2);
  });
});
