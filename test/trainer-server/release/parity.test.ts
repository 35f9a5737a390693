import { describe, expect, it } from 'vitest';
import { type Outputs, parityOf } from '../../../trainer-server/release/parity.ts';

const outputs = (...q: number[][]): Outputs[] =>
  q.map((values) => ({ state: Float32Array.of(0.5), q: Float32Array.from(values) }));

describe('parity of a network in several forms', () => {
  it('counts agreement only where the best is clearly best', () => {
    // Sample 2 is a tie (gap 1 of spread 100), so its change of mind does not count; sample 3's does.
    const fp32 = outputs([100, 0, 50], [100, 99, 0], [3, 2, 1]);
    const int8 = outputs([90, 0, 60], [99, 100, 0], [2, 3, 1]);
    expect(parityOf({ fp32, int8, tier0: int8 }, 1).int8_argmax_agreement).toBe(0.5);
  });

  it('weighs a wrong choice by the value that it loses', () => {
    // Choosing 2 instead of 3 loses 1; the best exceed the means by 50 + 1.
    const fp32 = outputs([100, 0, 50], [3, 2, 1]);
    const int8 = outputs([90, 0, 60], [2, 3, 1]);
    expect(parityOf({ fp32, int8, tier0: int8 }, 1).int8_value_loss).toBeCloseTo(1 / 51, 6);
  });

  it('measures errors of Q apart from a shift of all promotions', () => {
    const fp32 = outputs([1, -1]);
    const shifted = outputs([11, 9]);
    expect(parityOf({ fp32, int8: shifted, tier0: shifted }, 1).int8_rel_rms).toBeCloseTo(0, 6);
    const stretched = outputs([1.1, -1.1]);
    expect(parityOf({ fp32, int8: stretched, tier0: stretched }, 1).int8_rel_rms).toBeCloseTo(0.1, 5);
  });

  it('gives the largest difference in the unit of the network', () => {
    const fp32 = outputs([100, 300]);
    const trained = outputs([100, 302]);
    expect(parityOf({ trained, fp32, int8: fp32, tier0: fp32 }, 200).fp32_max_abs).toBeCloseTo(0.01, 6);
    const broken = outputs([100, Number.NaN]);
    expect(parityOf({ fp32, int8: fp32, tier0: broken }, 200).tier0_max_abs).toBe(Number.POSITIVE_INFINITY);
  });
});
