/** Simulated shoppers with known truth. */

export type { Estimate, Response, RunOptions, RunResult, SimulatedPolicy, WorldOptions } from './types.ts';
