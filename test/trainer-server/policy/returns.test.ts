import { describe, expect, it } from 'vitest';
import type { PolicyData } from '../../../trainer-server/policy/policy-data.ts';
import type { Predictions } from '../../../trainer-server/policy/predict.ts';
import { bootstrapTargets, hasTransitions } from '../../../trainer-server/policy/returns.ts';

/** One visitor decided for three times, and another one once; two promotions each. */
const DATA = {
  count: 4,
  offsets: Int32Array.of(0, 2, 4, 6, 8),
  reward: Float64Array.of(1, 3, 5, 9),
  next: Int32Array.of(1, 2, -1, -1),
} as Partial<PolicyData> as PolicyData;

/** Rewards in this unit: 0, 1, 2, 4. */
const UNIT = { offset: 1, scale: 2 };

const predictions = (value: number[], advantage: number[]): Predictions => ({
  value: Float32Array.from(value),
  level: Float32Array.from(value),
  advantage: Float32Array.from(advantage),
});

/** Would take the first promotion at the second decision, the second one at the third. */
const NOW = predictions([0, 70, 80, 0], [0, 0, 1, -1, -1, 1, 0, 0]);
/** Would take the other one each time. */
const TARGET = predictions([0, 3, 4, 0], [0, 0, 0.5, 9, 9, 0.25, 0, 0]);

const targets = (steps: number, now?: Predictions, target?: Predictions) => [
  ...bootstrapTargets(DATA, now, target, UNIT, { discount: 0.5, steps }),
];

describe('the returns that networks are to predict', () => {
  it('value what comes after by the target network, at the promotion that the other one would take', () => {
    // Second decision: 3 + 0.5, third: 4 + 0.25. One network alone would say 71 and 81, its own maximum 12 and 13.
    expect(targets(1, NOW, TARGET)).toEqual([0 + 0.5 * 3.5, 1 + 0.5 * 4.25, 2, 4]);
  });

  it('sum as many rewards as asked before that', () => {
    expect(targets(2, NOW, TARGET)).toEqual([0 + 0.5 * 1 + 0.25 * 4.25, 1 + 0.5 * 2, 2, 4]);
    expect(targets(3, NOW, TARGET)).toEqual([0 + 0.5 * 1 + 0.25 * 2, 1 + 0.5 * 2, 2, 4]);
  });

  it('count what comes after as nothing while no network has learned', () => {
    expect(targets(1)).toEqual([0, 1, 2, 4]);
  });

  it('end with the decision where nothing of later is to count', () => {
    expect([...bootstrapTargets(DATA, NOW, TARGET, UNIT, { discount: 0, steps: 3 })]).toEqual([0, 1, 2, 4]);
    expect(hasTransitions(DATA, { discount: 0 })).toBe(false);
    expect(hasTransitions(DATA, { discount: 0.5 })).toBe(true);
  });
});
