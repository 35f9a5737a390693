/** Promotions that need a claim, as versions that never change: editing one makes the next. */

import type { Minor } from '../../shared/money.ts';
import type { Promotion } from '../../shared/promotion.ts';
import type { Db } from '../store/database.ts';
import { reserveOf } from './price.ts';

/** A person, by name or by the approval of a budget; or a release, with what it shows. */
export type Decider = 'person' | 'release';

export interface CouponTerms {
  /** Out of which it is paid. */
  budget: string;
  /** Life of a claim, ms. */
  claimMs: number;
  /** A person where absent. */
  by?: Decider;
}

export interface CouponPromotion {
  version: number;
  site: string;
  id: string;
  budget: string;
  currency: string;
  /** One claim of a group for each session, one use of it for each order. */
  group: string;
  /** Reserved by each claim. */
  worstCase: Minor;
  perCustomer?: number;
  claimMs: number;
  promotion: Promotion;
}

interface Row {
  version: number;
  site: string;
  id: string;
  budget: string;
  currency: string;
  exclusion_group: string;
  worst_case: number;
  per_customer: number | null;
  claim_ms: number;
  body: string;
}

export interface CouponPromotions {
  /** The version that may be claimed now. */
  live(site: string, id: string): CouponPromotion | undefined;
  allLive(site: string): CouponPromotion[];
  /** @throws where no such version was ever written */
  version(version: number): CouponPromotion;
  /** The live version's successor; claims of earlier versions keep their terms, and count against its caps. */
  add(site: string, promotion: Promotion, terms: CouponTerms): number;
  /** Nobody can claim it any more; codes that are out keep their terms until they expire. @returns false where it was not live */
  withdraw(site: string, id: string, by: Decider): boolean;
  /** Who offered its newest version, or took that off the menu; undefined where there was never one. */
  decidedBy(site: string, id: string): Decider | undefined;
  /** Counts a use, made or promised, where they are numbered. @returns false where all are taken */
  takeUse(promotion: CouponPromotion): boolean;
  giveUse(promotion: Pick<CouponPromotion, 'site' | 'id'>): void;
}

const SELECT = `select p.*, b.currency from coupon_promotion p
  join coupon_budget b on b.site = p.site and b.id = p.budget`;

export function couponPromotionsOf(db: Db): CouponPromotions {
  const live = db
    .prepare(`select version from coupon_promotion where site = ? and id = ? and state = 'live'`)
    .pluck();
  const allLive = db
    .prepare(`select version from coupon_promotion where site = ? and state = 'live' order by id`)
    .pluck();
  const byVersion = db.prepare(`${SELECT} where p.version = ?`);
  const withdraw = db.prepare(
    `update coupon_promotion set state = 'withdrawn', decided_by = ? where site = ? and id = ? and state = 'live'`,
  );
  const decidedBy = db
    .prepare(
      'select decided_by from coupon_promotion where site = ? and id = ? order by version desc limit 1',
    )
    .pluck();
  const insert = db.prepare(
    `insert into coupon_promotion
       (site, id, budget, state, decided_by, exclusion_group, worst_case, per_customer, uses_left, uses_over, claim_ms,
        body)
     values (?, ?, ?, 'live', ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const uses = db
    .prepare(
      `select count(*) from coupon_promotion p join coupon_claim c on c.promotion = p.version
       where p.site = ? and p.id = ? and (c.state = 'open' or exists
         (select 1 from coupon_redemption r where r.code = c.code and r.undone = 0))`,
    )
    .pluck();
  const take = db.prepare(
    'update coupon_promotion set uses_left = uses_left - 1 where version = ? and uses_left > 0',
  );
  // To the newest version, whichever it was taken under: that one's count is of them all.
  const give = db.prepare(
    `update coupon_promotion set uses_over = max(0, uses_over - 1), uses_left = uses_left + (uses_over = 0)
     where uses_left is not null
       and version = (select max(version) from coupon_promotion where site = ? and id = ?)`,
  );
  // All that is read often of a version never changes but its state, which `live` asks the database for.
  const read = new Map<number, CouponPromotion>();
  const versionOf = (version: number): CouponPromotion => {
    const found = read.get(version) ?? toPromotion(byVersion.get(version) as Row);
    read.set(version, found);
    return found;
  };
  return {
    live(site, id) {
      const version = live.get(site, id) as number | undefined;
      return version === undefined ? undefined : versionOf(version);
    },
    allLive: (site) => (allLive.all(site) as number[]).map(versionOf),
    version: versionOf,
    add(site, promotion, { budget, claimMs, by = 'person' }) {
      withdraw.run(by, site, promotion.id);
      const { id, caps } = promotion;
      const names = [site, id, budget, by, groupOf(promotion)];
      const counts = caps?.total === undefined ? [null, 0] : left(caps.total, uses.get(site, id) as number);
      const limits = [reserveOf(promotion), caps?.perShopper ?? null, ...counts, claimMs];
      return Number(insert.run(...names, ...limits, JSON.stringify(promotion)).lastInsertRowid);
    },
    withdraw: (site, id, by) => withdraw.run(by, site, id).changes === 1,
    decidedBy: (site, id) => decidedBy.get(site, id) as Decider | undefined,
    takeUse: (one) => !isNumbered(one) || take.run(one.version).changes === 1,
    giveUse: ({ site, id }) => void give.run(site, id),
  };
}

/** Of a cap over all uses, and uses beyond it. */
const left = (total: number, uses: number): [left: number, over: number] => [
  Math.max(0, total - uses),
  Math.max(0, uses - total),
];

/** Without a cap over all uses there is nothing to count, and no row to write with every claim. */
const isNumbered = ({ promotion }: CouponPromotion): boolean => promotion.caps?.total !== undefined;

/** A promotion without a group excludes itself alone. The prefixes keep an id from being another one's group. */
const groupOf = ({ id, exclusiveGroup }: Promotion): string =>
  exclusiveGroup === undefined ? `promotion:${id}` : `group:${exclusiveGroup}`;

function toPromotion(row: Row): CouponPromotion {
  const { version, site, id, budget, currency, exclusion_group, worst_case, per_customer, claim_ms, body } =
    row;
  return {
    ...{ version, site, id, budget, currency },
    group: exclusion_group,
    worstCase: worst_case,
    ...(per_customer === null ? {} : { perCustomer: per_customer }),
    claimMs: claim_ms,
    promotion: JSON.parse(body) as Promotion,
  };
}
