/** What a shop would have logged that shows every promotion alike: a data folder's content, without the folder. */

import type { PolicyDataset } from '../../trainer-server/policy/prepare.ts';
import { runWorld, type SimulatedPolicy, UNIFORM, type World } from '../../trainer-server/simulate/index.ts';

export const uniformLog = (world: World, decisions: number, seed: number | string): Promise<PolicyDataset> =>
  logOf(world, UNIFORM, decisions, seed);

/** The same of a shop that shows one promotion four times in five where it is eligible, the rest of the time any. */
export const favouringLog = (
  world: World,
  promotion: string,
  decisions: number,
  seed: number | string,
): Promise<PolicyDataset> => logOf(world, favouring(promotion), decisions, seed);

const favouring = (promotion: string): SimulatedPolicy => ({
  name: `mostly ${promotion}`,
  probabilities: async (requests) =>
    requests.map(({ eligible = [] }) => {
      const at = eligible.indexOf(promotion);
      const rest = (at < 0 ? 1 : 0.2) / eligible.length;
      return eligible.map((_, i) => (i === at ? 0.8 + rest : rest));
    }),
});

async function logOf(
  world: World,
  policy: SimulatedPolicy,
  decisions: number,
  seed: number | string,
): Promise<PolicyDataset> {
  const log = await runWorld(world, policy, { decisions, seed: `log ${seed}` });
  return {
    decisions: log.decisions,
    events: log.events,
    products: [...world.catalogue.products],
    promotions: [...world.promotions],
    shop: world.shop,
  };
}
