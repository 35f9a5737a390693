/**
 * What experiments with menus taught: each granted visit as a line of `decisions.jsonl`, its arm the action, its share
 * the propensity, and its reward from the orders that the shop reported of it, by the rule of shared/outcome.ts.
 */

import { readEvent } from '../../shared/event.ts';
import { toMajor } from '../../shared/money.ts';
import { OUTCOME_RULE, type OutcomeFacts, type OutcomeRule, outcomeOf } from '../../shared/outcome.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { takesOff } from '../../shared/promotions/discounts/index.ts';
import type { ReportedOrder } from '../routes/orders.ts';
import type { Db } from '../store/database.ts';
import type { LogLine, SiteLog } from '../store/site-log.ts';
import { experimentsOf } from './experiment.ts';

export interface EvidenceOptions {
  /** Of the shop. */
  currency: string;
  /** Visits whose window is still open are left out: their zero may yet become a purchase. Epoch ms. */
  now: number;
  rule?: OutcomeRule;
  /** Prices and costs of products; revenue where absent. */
  facts?: Pick<OutcomeFacts, 'priceOf' | 'costOf'>;
}

interface GrantRow {
  sid: string;
  at: number;
  experiment: number;
  arm: string;
  propensity: number;
}

interface CostRow {
  sid: string;
  body: string;
  amount: number;
}

/** What redemptions of a visit cost: altogether, and that part which no price shows. */
interface Cost {
  spend: number;
  hidden: number;
}

/** Visits that no experiment drew are left out: a propensity of 1 teaches nothing. */
export function* experimentDecisions(
  db: Db,
  orders: SiteLog,
  site: string,
  { currency, now, rule = OUTCOME_RULE, facts = UNKNOWN }: EvidenceOptions,
): Generator<Record<string, unknown>> {
  const experiments = experimentsOf(db);
  const ordersOf = ordersBySid(orders, site);
  const costs = costsBySid(db, site);
  const grants = db.prepare(
    `select sid, at, experiment, arm, propensity from coupon_grant
     where site = ? and experiment is not null and at <= ? order by at, sid`,
  );
  for (const row of grants.iterate(site, now - rule.windowMs) as IterableIterator<GrantRow>) {
    const { sid, at, experiment, arm, propensity } = row;
    const events = (ordersOf.get(sid) ?? []).map((line) => eventOf(line, sid, currency));
    const known: OutcomeFacts = { ...facts, promotionOf: () => undefined };
    const outcome = outcomeOf({ ts: at, action: arm }, events, undefined, known, rule);
    const { spend, hidden } = costs.get(sid) ?? { spend: 0, hidden: 0 };
    yield {
      ...{ id: sid, ts: at, visitor: sid, history: [] },
      eligible: experiments.version(experiment).arms.map(({ id }) => id),
      ...{ action: arm, propensity },
      reward: toMajor(Math.round(outcome.reward - hidden), currency),
      spend: toMajor(spend, currency),
      outcome: { purchases: outcome.purchases, refunds: outcome.refunds },
    };
  }
}

const UNKNOWN = { priceOf: () => undefined, costOf: () => undefined };

function ordersBySid(orders: SiteLog, site: string): Map<string, LogLine[]> {
  const found = new Map<string, LogLine[]>();
  for (const line of orders.lines(site)) {
    const { sid } = JSON.parse(line.body) as ReportedOrder;
    if (sid !== undefined) found.set(sid, [...(found.get(sid) ?? []), line]);
  }
  return found;
}

/** At the time when we heard of it: the shop's clock may be wrong, and grants are on ours. */
function eventOf({ body, received }: LogLine, sid: string, currency: string): ReturnType<typeof readEvent> {
  const { kind, items, value } = JSON.parse(body) as ReportedOrder;
  return readEvent({ visitor: sid, name: kind, ts: received, items, value }, currency);
}

function costsBySid(db: Db, site: string): Map<string, Cost> {
  const rows = db
    .prepare(
      `select c.sid, p.body, sum(r.amount - r.reversed) as amount
       from coupon_redemption r
       join coupon_claim c on c.code = r.code
       join coupon_promotion p on p.version = c.promotion
       where r.site = ? group by c.sid, p.version`,
    )
    .iterate(site) as IterableIterator<CostRow>;
  const costs = new Map<string, Cost>();
  for (const { sid, body, amount } of rows) {
    const { type } = (JSON.parse(body) as Promotion).terms;
    // Reported items carry prices of goods: a discount on them shows there, free shipping and gifts do not.
    const isHidden = !takesOff(type) || type === 'free_shipping';
    const { spend, hidden } = costs.get(sid) ?? { spend: 0, hidden: 0 };
    costs.set(sid, { spend: spend + amount, hidden: hidden + (isHidden ? amount : 0) });
  }
  return costs;
}
