/** Shoppers and moments of known hidden variables, for tests of the simulator. */

import type { Promotion } from '../../shared/promotion.ts';
import { MOTIVES, type Moment, type Shopper } from '../../trainer-server/simulate/hidden.ts';
import { planOf } from '../../trainer-server/simulate/plan.ts';
import { createWorld, type World } from '../../trainer-server/simulate/world.ts';
import type { WorldParameters } from '../../trainer-server/simulate/worlds.ts';
import { SYNTHETIC_SHOP, syntheticCatalogue } from './synthetic-catalogue.ts';

/** A world over the synthetic catalogue, with some numbers set by hand. */
export function worldWith(
  parameters: Partial<WorldParameters> = {},
  promotions: readonly Promotion[] = [],
  name = 'stationary',
): World {
  const options = { name, products: syntheticCatalogue(), promotions, shop: SYNTHETIC_SHOP, seed: 1 };
  const world = createWorld(options);
  return { ...world, parameters: { ...world.parameters, ...parameters } };
}

/** Led by nothing unless told: no motive, no deviation. */
export function shopperWith(motives: Partial<Record<(typeof MOTIVES)[number], number>> = {}): Shopper {
  return {
    visitor: 'v1',
    motives: Float64Array.from(MOTIVES, (motive) => motives[motive] ?? 0),
    tastes: [{ group: 0, weight: 1 }],
    thrift: 0,
    lineBudget: 1e9,
    inclination: 0,
    filling: 1,
    devotion: 0,
    attributes: {},
  };
}

/** A shopper at the first slot with these catalogue rows in mind, one unit each. */
export function momentWith(world: World, rows: number[], moment: Partial<Moment> = {}): Moment {
  const units = rows.map(() => 1);
  return {
    ts: world.startTs,
    stage: 0,
    intent: 0,
    plan: planOf(world.catalogue, rows, units, rows[0]!),
    exposure: 0,
    training: 0,
    ...moment,
  };
}
