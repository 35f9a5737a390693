/** Small logged experiments with known truth: attributes only, no events. */

import type { LoggedDecision } from '../../shared/decision.ts';
import { NONE, type Promotion } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import type { Shop } from '../../shared/shop.ts';
import type { Dataset } from '../../trainer-server/dataset/load.ts';

export const TRIAL_SHOP: Shop = {
  currency: 'EUR',
  locale: 'en',
  attributes: { taste: 'category', age: 'number' },
  slots: [],
};

export const TRIAL_PROMOTIONS: Promotion[] = [
  NONE,
  { id: 'gift', terms: { type: 'gift' } },
  { id: 'ten', terms: { type: 'percentage', percent: 10 } },
];

const IDS = TRIAL_PROMOTIONS.map((promotion) => promotion.id);

/** Mean reward of the truth: gift for tea drinkers, ten percent for coffee drinkers, nothing for the others. */
export function trueReward(taste: string, promotion: string): number {
  const base = taste === 'tea' ? 2 : 1;
  if (promotion === 'gift') return base + (taste === 'tea' ? 1 : -0.5);
  if (promotion === 'ten') return base + (taste === 'coffee' ? 1 : -0.5);
  return base;
}

export interface TrialOptions {
  count: number;
  seed: number;
  /** Probabilities of IDS; uniform by default. */
  logging?: (taste: string) => number[];
  logPropensity?: boolean;
  noise?: number;
}

export type TrialDataset = Pick<Dataset, 'decisions' | 'events' | 'products' | 'promotions' | 'shop'>;

export function trial(options: TrialOptions): TrialDataset {
  const { count, seed, logging = () => [1 / 3, 1 / 3, 1 / 3], logPropensity = true, noise = 1 } = options;
  const random = seeded(`trial/${seed}`);
  const decisions: LoggedDecision[] = Array.from({ length: count }, (_, i) => {
    const taste = ['tea', 'coffee', 'water'][random.int(3)]!;
    const p = logging(taste);
    const u = random.next();
    const at = u < p[0]! ? 0 : u < p[0]! + p[1]! ? 1 : 2;
    return {
      id: `d${i}`,
      visitor: `v${i}`,
      history: [],
      attributes: { taste, age: 20 + random.int(50) },
      eligible: [...IDS],
      action: IDS[at]!,
      ...(logPropensity ? { propensity: p[at]! } : {}),
      reward: trueReward(taste, IDS[at]!) + noise * random.normal(),
    };
  });
  return { decisions, events: [], products: [], promotions: TRIAL_PROMOTIONS, shop: TRIAL_SHOP };
}
