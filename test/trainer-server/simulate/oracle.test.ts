import { describe, expect, it } from 'vitest';
import { BOOSTING } from '../../../trainer-server/simulate/boosted-trees.ts';
import {
  difference,
  fitOracle,
  fixedPolicy,
  runWorld,
  yardsticks,
} from '../../../trainer-server/simulate/index.ts';
import { worldWith } from '../../helpers/simulated-shopper.ts';

describe('the oracle', () => {
  it('earns significantly more than the best fixed promotion and less than whoever knows all', async () => {
    const world = worldWith();
    const options = { decisions: 1500, seed: 'fresh' };
    const known = await yardsticks(world, options);
    const boosting = { ...BOOSTING, trees: 40, depth: 4, learningRate: 0.25 };
    const oracle = await fitOracle(world, { contexts: 3000, seed: 1, boosting });
    const run = await runWorld(world, oracle, options);
    const fixed = await runWorld(world, fixedPolicy(known.bestFixed.promotion), options);
    const gain = difference(run, fixed);
    expect(gain.mean - 3 * gain.standardError).toBeGreaterThan(0);
    expect(run.value.mean).toBeLessThan(known.allKnowing.mean);
    expect(known.bestFixed.mean).toBeGreaterThan(known.none.mean);
    expect(known.bestFixed.mean).toBeGreaterThan(known.uniform.mean);
  });
});
