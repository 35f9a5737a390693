/** Until when a site's budgets are to last, and what its price of budget is steered by: kept with its settings. */

import * as v from 'valibot';
import type { LoggedDecision } from '../../shared/decision.ts';
import type { Store } from '../store/store.ts';

/** What a release's price of budget is steered by; in the bundle's `trainer/`, never published. */
export const PACING_FILE = 'pacing.json';

const DAY_MS = 86_400_000;

const BASIS = v.object({
  /** Expected spend of a decision at rising prices, both in the log's own unit. */
  curve: v.array(v.object({ price: v.number(), spend: v.number() })),
  /** Prices are published divided by it. */
  budgetScale: v.pipe(v.number(), v.gtValue(0)),
  /** How many decisions a day the log saw. What the shop really sees is learned from what it spends. */
  decisionsPerDay: v.pipe(v.number(), v.gtValue(0)),
});
export type PacingBasis = v.InferOutput<typeof BASIS>;

const PLAN = v.object({
  ...BASIS.entries,
  /** When the budgets may be used up, epoch ms. */
  until: v.number(),
  /** The last move: when, what had been spent by then in all, and the controller's state from then on. */
  last: v.optional(
    v.object({ at: v.number(), spent: v.number(), price: v.number(), correction: v.number() }),
  ),
});
export type PacingPlan = v.InferOutput<typeof PLAN>;

/**
 * A site's budgets are to last until then; a later release goes on with its own curve and what was learned of the shop.
 * @param basis the bundle's pacing.json
 * @param until epoch ms; as it was where absent, and nothing is paced that never had one
 * @returns the price to publish the release at
 */
export function planPacing(store: Store, site: string, basis: string, until?: number): number {
  const known = pacingPlan(store, site);
  const end = until ?? known?.until;
  if (end === undefined) return 0;
  const fresh = v.parse(BASIS, JSON.parse(basis));
  const last = known?.last;
  keepPacing(store, site, { ...fresh, until: end, ...(last === undefined ? {} : { last }) });
  return (last?.price ?? 0) / fresh.budgetScale;
}

const nameOf = (site: string): string => `pacing/${site}`;

export function pacingPlan(store: Store, site: string): PacingPlan | undefined {
  const text = store.settings.get(nameOf(site));
  return text === undefined ? undefined : v.parse(PLAN, JSON.parse(text));
}

export function keepPacing(store: Store, site: string, plan: PacingPlan): void {
  store.settings.set(nameOf(site), JSON.stringify(plan));
}

/** What training says of spending. */
interface Trained {
  report: { spendCurve?: readonly PacingBasis['curve'][number][] };
  budgetScale: number;
}

/** Undefined where nothing is spent, or the log does not say when. */
export function pacingBasisOf(
  { report: { spendCurve }, budgetScale }: Trained,
  decisions: readonly LoggedDecision[],
): PacingBasis | undefined {
  const times = decisions.flatMap(({ ts }) => ts ?? []);
  if (spendCurve === undefined || times.length < decisions.length) return undefined;
  // Decisions are in time order.
  const days = Math.max(1, (times.at(-1)! - times[0]!) / DAY_MS);
  return { curve: [...spendCurve], budgetScale, decisionsPerDay: decisions.length / days };
}
