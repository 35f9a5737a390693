/** The yardsticks of a world, measured on the same shoppers: none, uniform, every fixed promotion, all-knowing. */

import { argmax } from '../../shared/choose.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { fixedPolicy, oneHot, UNIFORM } from './policies.ts';
import { runChooser, runWorld } from './run-world.ts';
import type { Estimate, RunOptions, RunResult } from './types.ts';
import type { World } from './world.ts';

export interface Yardsticks {
  none: Estimate;
  uniform: Estimate;
  bestFixed: Estimate & { promotion: string };
  /** The best action at every moment, hidden variables included: no policy can earn it. */
  allKnowing: Estimate;
}

/** Fixed promotions that are run; the others are ruled out by their mean over the uniform policy's contexts. */
const FIXED_RUN = 4;

/** Runs every yardstick on the shoppers of `options.seed`. Rewards a decision, in major units. */
export async function yardsticks(world: World, options: RunOptions): Promise<Yardsticks> {
  const uniform = await runWorld(world, UNIFORM, options);
  const none = (await runWorld(world, fixedPolicy(NONE_ID), options)).value;
  let bestFixed: Yardsticks['bestFixed'] = { promotion: NONE_ID, ...none };
  for (const promotion of promisingFixed(world, uniform)) {
    const { value } = await runWorld(world, fixedPolicy(promotion), options);
    if (value.mean > bestFixed.mean) bestFixed = { promotion, ...value };
  }
  return { none, uniform: uniform.value, bestFixed, allKnowing: await allKnowing(world, options) };
}

/** The pasts of a uniform policy differ from those of a fixed one, so the first few are run, not just the first. */
function promisingFixed(world: World, { decisions, expected }: RunResult): string[] {
  const total = new Map<string, number>();
  decisions.forEach(({ eligible }, i) => {
    const instead = expected[i]![eligible.indexOf(NONE_ID)]!;
    eligible.forEach((id, k) => {
      total.set(id, (total.get(id) ?? 0) + expected[i]![k]! - instead);
    });
  });
  return world.promotions
    .map(({ id }) => id)
    .filter((id) => id !== NONE_ID)
    .sort((left, right) => (total.get(right) ?? 0) - (total.get(left) ?? 0))
    .slice(0, FIXED_RUN);
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
