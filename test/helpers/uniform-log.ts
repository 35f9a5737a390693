/** What a shop would have logged that shows every promotion alike: a data folder's content, without the folder. */

import type { PolicyDataset } from '../../trainer-server/policy/prepare.ts';
import { runWorld, UNIFORM, type World } from '../../trainer-server/simulate/index.ts';

export async function uniformLog(
  world: World,
  decisions: number,
  seed: number | string,
): Promise<PolicyDataset> {
  const log = await runWorld(world, UNIFORM, { decisions, seed: `log ${seed}` });
  return {
    decisions: log.decisions,
    events: log.events,
    products: [...world.catalogue.products],
    promotions: [...world.promotions],
    shop: world.shop,
  };
}
