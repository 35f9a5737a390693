import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import {
  BOOSTING,
  fitBoostedTrees,
  predictBoostedTrees,
} from '../../../trainer-server/simulate/boosted-trees.ts';

const OPTIONS = { ...BOOSTING, trees: 100, learningRate: 0.2, depth: 4, leastRows: 10, featureShare: 1 };

/** Three outputs of five features: a step, an interaction, and nothing but the mean. */
const truth = (x: Float32Array): number[] => [x[0]! > 0.3 ? 2 : -1, 3 * x[1]! * (x[2]! > 0 ? 1 : -1), 7];

function sample(rows: number, seed: string): Float32Array[] {
  const random = seeded(seed);
  return Array.from({ length: rows }, () => Float32Array.from({ length: 5 }, () => 2 * random.next() - 1));
}

describe('boosted trees', () => {
  it('learn steps and interactions of several outputs at once, on rows they have not seen', () => {
    const x = sample(3000, 'train');
    const random = seeded('noise');
    const noisy = x.map((row) => truth(row).map((value) => value + 0.3 * random.normal()));
    const model = fitBoostedTrees(x, noisy, OPTIONS, seeded(1));
    const fresh = sample(1000, 'fresh');
    for (const [k, unexplained] of [0.03, 0.06].entries()) {
      let error = 0;
      let spread = 0;
      for (const row of fresh) {
        error += (predictBoostedTrees(model, row)[k]! - truth(row)[k]!) ** 2;
        spread += truth(row)[k]! ** 2;
      }
      expect(error / spread, `output ${k}`).toBeLessThan(unexplained);
    }
    expect(predictBoostedTrees(model, fresh[0]!)[2]).toBeCloseTo(7, 0);
  });

  it('predict the mean where nothing can be told apart', () => {
    const model = fitBoostedTrees(
      Array.from({ length: 100 }, () => new Float32Array(3)),
      Array.from({ length: 100 }, (_, i) => [i]),
      OPTIONS,
      seeded(1),
    );
    // Each tree sees half of the rows, so the mean is met up to a small part of the spread of 29.
    expect(Math.abs(predictBoostedTrees(model, Float32Array.of(5, -5, 0))[0]! - 49.5)).toBeLessThan(3);
  });

  it('give the same model for the same seed', () => {
    const x = sample(500, 'same');
    const y = x.map(truth);
    expect(fitBoostedTrees(x, y, OPTIONS, seeded(4))).toEqual(fitBoostedTrees(x, y, OPTIONS, seeded(4)));
  });
});
