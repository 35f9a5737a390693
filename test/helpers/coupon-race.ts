/** Many processes at three budgets in three currencies, by clocks of their own, all let go at once. */

import { join } from 'node:path';
import { type Promotion, readPromotion } from '../../shared/promotion.ts';
import { FIVE_OFF } from './coupon-shop.ts';
import { talk } from './talk.ts';

const ATTACKER = join(import.meta.dirname, 'coupon-attacker.ts');

export interface Prize {
  budget: string;
  currency: string;
  promotion: Promotion;
  /** What one use takes off a basket of 4,000, minor units. */
  face: number;
  /** Of the budget, minor units: does not divide by the face value, so that the last units must stay. */
  total: number;
}

const off = (id: string, amount: number, currency: string): Promotion =>
  readPromotion({ id, type: 'coupon', amount, currency }, currency);

/** Of two, none and three decimals. */
export const PRIZES: readonly Prize[] = [
  { budget: 'summer', currency: 'EUR', promotion: FIVE_OFF, face: 500, total: 150_123 },
  { budget: 'natsu', currency: 'JPY', promotion: off('yen', 300, 'JPY'), face: 300, total: 30_299 },
  { budget: 'sayf', currency: 'KWD', promotion: off('dinar', 1.25, 'KWD'), face: 1_250, total: 125_001 },
];

/** How far the clocks of two processes are apart; what they sign and claim is still good by each of them. */
export const CLOCK_STEP_MS = 60_000;

export interface Taken {
  redemptions: number;
  /** Minor units acknowledged, by budget. */
  amounts: Record<string, number>;
}

/** @param dir of the database. @returns what was acknowledged to each process */
export async function raceForBudgets(dir: string, processes: number): Promise<Taken[]> {
  const runners = Array.from({ length: processes }, (_, i) => talk(ATTACKER, dir, `${i}`));
  for (const { hear } of runners) await hear();
  for (const { say } of runners) say('go');
  const taken = await Promise.all(runners.map(async ({ hear }) => JSON.parse(await hear()) as Taken));
  await Promise.all(runners.map(({ ended }) => ended));
  return taken;
}
