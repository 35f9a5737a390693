/** Many processes at one budget, all let go at once. */

import { join } from 'node:path';
import { talk } from './talk.ts';

const ATTACKER = join(import.meta.dirname, 'coupon-attacker.ts');

export interface Taken {
  redemptions: number;
  /** Minor units. */
  amount: number;
}

/** @param dir of the database. @returns what was acknowledged to each process */
export async function raceForBudget(dir: string, processes: number): Promise<Taken[]> {
  const runners = Array.from({ length: processes }, (_, i) => talk(ATTACKER, dir, `${i}`));
  for (const { hear } of runners) await hear();
  for (const { say } of runners) say('go');
  const taken = await Promise.all(runners.map(async ({ hear }) => JSON.parse(await hear()) as Taken));
  await Promise.all(runners.map(({ ended }) => ended));
  return taken;
}
