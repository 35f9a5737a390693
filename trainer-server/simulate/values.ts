/** The yardsticks of a world, measured on the same shoppers: none, uniform, every fixed promotion, all-knowing. */

import { argmax } from '../../shared/choose.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { fixedPolicy, oneHot, UNIFORM } from './policies.ts';
import { runChooser, runWorld } from './run-world.ts';
import type { Estimate, RunOptions } from './types.ts';
import type { World } from './world.ts';

export interface Yardsticks {
  none: Estimate;
  uniform: Estimate;
  bestFixed: Estimate & { promotion: string };
  /** The best action at every moment, hidden variables included: no policy can earn it. */
  allKnowing: Estimate;
}

/** Runs every yardstick on the shoppers of `options.seed`. Rewards a decision, in major units. */
export async function yardsticks(world: World, options: RunOptions): Promise<Yardsticks> {
  const valueOfFixed = async (id: string) => ({
    promotion: id,
    ...(await runWorld(world, fixedPolicy(id), options)).value,
  });
  let bestFixed = await valueOfFixed(NONE_ID);
  const none: Estimate = { mean: bestFixed.mean, standardError: bestFixed.standardError };
  for (const { id } of world.promotions.slice(1)) {
    const value = await valueOfFixed(id);
    if (value.mean > bestFixed.mean) bestFixed = value;
  }
  const { value: uniform } = await runWorld(world, UNIFORM, options);
  return { none, uniform, bestFixed, allKnowing: await allKnowing(world, options) };
}

async function allKnowing(world: World, options: RunOptions): Promise<Estimate> {
  const run = await runChooser(
    world,
    'all-knowing',
    (_, truth) => truth.map(({ expected }) => oneHot(expected.length, argmax(expected))),
    options,
  );
  return run.value;
}
