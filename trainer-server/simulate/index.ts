/** Simulated shoppers with known truth. */

export { fitOracle, type OracleOptions } from './oracle.ts';
export { fixedPolicy, UNIFORM } from './policies.ts';
export { difference, runWorld } from './run-world.ts';
export type { Estimate, Response, RunOptions, RunResult, SimulatedPolicy, WorldOptions } from './types.ts';
export { type Yardsticks, yardsticks } from './values.ts';
export { createWorld, type World } from './world.ts';
export { WORLD_NAMES } from './worlds.ts';
