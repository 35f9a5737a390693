/**
 * Pacing in the serving trainer: what the ledger says was spent moves the price of budget, and the renewed manifest
 * carries it to the devices. It only steers (policy/pacing.ts); that nothing is overspent is the coupon server's cap.
 */

import type { SignedManifest } from '../../shared/manifest.ts';
import { toMajor } from '../../shared/money.ts';
import { ledgerOf } from '../coupons/ledger.ts';
import { nextPacing, type Pacing, startPacing } from '../policy/pacing.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import type { ReleaseKey } from './keys.ts';
import { keepPacing, type PacingPlan, pacingPlan } from './pacing-plan.ts';
import { republish } from './publish.ts';

/** How often the price is moved: often enough for a day's plan, seldom enough that spending tells something. */
export const PACING_PERIOD_MS = 4 * 3_600_000;
const DAY_MS = 86_400_000;
/** A price that moves by less than this share stays as it is: every move is a new version for every device. */
const WORTH_A_VERSION = 0.01;

/**
 * Moves the price of every site whose period is over and publishes it.
 * @param failed hears of a site whose manifest this key may not sign; the others go on
 * @returns releases with a new price
 */
export function paceDue(
  store: Store,
  key: ReleaseKey,
  now: number,
  failed: (site: string, error: Error) => void,
  period = PACING_PERIOD_MS,
): Release[] {
  const moved: Release[] = [];
  for (const site of store.releases.sites()) {
    const plan = pacingPlan(store, site);
    if (plan === undefined || now >= plan.until) continue;
    if (plan.last !== undefined && now - plan.last.at < period) continue;
    try {
      const last = nextMove(store, site, plan, now, period);
      const release = publishPrice(store, site, key, last.price / plan.budgetScale, now);
      keepPacing(store, site, { ...plan, last });
      if (release !== undefined) moved.push(release);
    } catch (error) {
      failed(site, error as Error);
    }
  }
  return moved;
}

function nextMove(
  store: Store,
  site: string,
  { curve, decisionsPerDay, until, last }: PacingPlan,
  now: number,
  period: number,
): NonNullable<PacingPlan['last']> {
  const budgets = ledgerOf(store.db).budgets(site);
  const sum = (of: 'free' | 'reserved' | 'spent'): number =>
    budgets.reduce((total, budget) => total + toMajor(budget[of], budget.currency), 0);
  const spent = sum('spent');
  const decisionsIn = (ms: number): number => (decisionsPerDay * ms) / DAY_MS;
  // What open claims hold is as good as spent: most of them are redeemed.
  const coming = {
    left: sum('free'),
    periods: Math.ceil((until - now) / period),
    decisions: decisionsIn(Math.min(period, until - now)),
  };
  const seen = last && {
    // A reversal may give back more than was spent.
    spent: Math.max(0, spent - last.spent),
    decided: decisionsIn(now - last.at),
  };
  const pacing: Pacing =
    last === undefined ? startPacing(curve, coming) : nextPacing(curve, last, seen!, coming);
  return { at: now, spent, ...pacing };
}

function publishPrice(
  store: Store,
  site: string,
  key: ReleaseKey,
  budgetPrice: number,
  now: number,
): Release | undefined {
  const { signed } = JSON.parse(store.releases.running(site)!.manifest) as SignedManifest;
  const difference = Math.abs(budgetPrice - signed.budgetPrice);
  if (difference <= WORTH_A_VERSION * Math.max(budgetPrice, signed.budgetPrice)) return undefined;
  const expiresDays = (signed.expires - signed.created) / DAY_MS;
  return republish({ action: 'renew', budgetPrice }, { store, site, key, expiresDays, now });
}
