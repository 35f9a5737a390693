import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import type { Example } from '../../../trainer-server/recommend/linear-classifier.ts';
import { fitRidge } from '../../../trainer-server/recommend/ridge-classifier.ts';

const free = {
  deadline: () => Number.POSITIVE_INFINITY,
  signal: new AbortController().signal,
  looked: () => undefined,
};
const example = (label: number, features: Record<number, number>): Example => ({
  label,
  features: {
    buckets: Int32Array.from(Object.keys(features), Number),
    values: Float32Array.from(Object.values(features)),
  },
});

describe('fitRidge', () => {
  it('shrinks what products with nothing in common say by one plus the penalty', () => {
    const examples = [example(0, { 0: 1 }), example(1, { 1: 1 })];
    const { weights, bias } = fitRidge(examples, { classes: 2, buckets: 3 }, free, {
      penalty: 0.25,
      steps: 5,
      sharpness: 10,
    });
    // Targets of a half less than certain, over 1 + 0.25, ten times.
    expect([...weights]).toEqual([4, -4, -4, 4, 0, 0]);
    expect([...bias]).toEqual([5, 5]);
  });

  it('solves the normal equations', () => {
    const [classes, buckets, penalty] = [3, 5, 0.3];
    const random = seeded('ridge');
    const examples = Array.from({ length: 9 }, (_, i) =>
      example(
        i % classes,
        Object.fromEntries(Array.from({ length: buckets }, (_, b) => [b, random.normal()])),
      ),
    );
    const { weights } = fitRidge(examples, { classes, buckets }, free, { penalty, steps: 40, sharpness: 1 });
    const x = examples.map(({ features }) => features.values);
    for (let c = 0; c < classes; c++) {
      for (let b = 0; b < buckets; b++) {
        // (X'X + penalty) w = X'y, row b.
        let [left, right] = [penalty * weights[b * classes + c]!, 0];
        examples.forEach(({ label }, i) => {
          for (let k = 0; k < buckets; k++) left += x[i]![b]! * x[i]![k]! * weights[k * classes + c]!;
          right += x[i]![b]! * ((label === c ? 1 : 0) - 1 / classes);
        });
        expect(left).toBeCloseTo(right, 3);
      }
    }
  });

  it('says of what it does not know how common each category is', () => {
    const { bias } = fitRidge(
      [example(0, { 0: 1 }), example(0, { 0: 1 }), example(0, { 1: 1 }), example(1, { 1: 1 })],
      { classes: 2, buckets: 2 },
      free,
      { penalty: 1, steps: 5, sharpness: 1 },
    );
    expect([...bias]).toEqual([0.75, 0.25]);
  });

  it('ends early where time is up, with a fit all the same', () => {
    const examples = [example(0, { 0: 1 }), example(1, { 1: 1 })];
    let looks = 0;
    const late = { ...free, deadline: () => 0, looked: () => void looks++ };
    const { weights } = fitRidge(examples, { classes: 2, buckets: 2 }, late, {
      penalty: 0,
      steps: 99,
      sharpness: 1,
    });
    expect(looks).toBeLessThanOrEqual(2 * examples.length);
    expect(weights[0]).toBeGreaterThan(weights[1]!);
  });
});
