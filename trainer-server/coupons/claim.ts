/** Claims: a shopper takes a promotion. Its worst case is reserved, and a code comes out. */

import { runsAt } from '../../shared/promotions/schedule.ts';
import { type ClaimTimes, claimTimesOf } from './claim-times.ts';
import { couponCodesOf } from './coupon-codes.ts';
import { expirerOf } from './expire.ts';
import { type Grant, readGrant } from './grant.ts';
import { ledgerOf } from './ledger.ts';
import type { CouponParts } from './parts.ts';
import { type CouponPromotion, couponPromotionsOf } from './promotions.ts';
import { Refusal } from './refusal.ts';
import { readSubject, subjectsOf } from './subject.ts';

export interface ClaimRequest {
  /** Token of a grant. */
  grant: string;
  /** Id of a promotion on its menu. */
  promotion: string;
  /** Token of a subject. */
  subject?: string;
}

export interface Claim {
  code: string;
  promotion: string;
  /** Epoch ms: until then it can be redeemed. */
  expires: number;
  /** It had been claimed before: the same code again. */
  repeated: boolean;
}

interface ClaimRow {
  code: string;
  promotion: number;
  expires: number;
  state: string;
}

/** @returns work for a transaction that holds the write lock: what it reads stays true until its end */
export function claimerOf(parts: CouponParts): (site: string, asked: ClaimRequest, now: number) => Claim {
  const { db, keys, options } = parts;
  const promotions = couponPromotionsOf(db);
  const subjects = subjectsOf(parts);
  const codes = couponCodesOf(parts);
  const times = claimTimesOf(codes, options);
  const expire = expirerOf(parts);
  const reserve = reserverOf(parts);
  // Of the same promotion, too: its group may have changed since.
  const taken = db.prepare(
    `select c.code, c.promotion, c.expires, c.state from coupon_claim c
     join coupon_promotion p on p.version = c.promotion
     where c.site = ? and c.sid = ? and (c.exclusion_group = ? or p.id = ?) order by p.id = ? desc`,
  );
  const heldByVisit = db.prepare(
    `select c.code, c.promotion, c.expires, c.state from coupon_claim c
     join coupon_promotion p on p.version = c.promotion where c.site = ? and c.sid = ? and p.id = ?`,
  );
  const insert = db.prepare(
    `insert into coupon_claim (site, sid, exclusion_group, promotion, code, subject, reserved, claimed, expires)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (site, asked, now) => {
    const grant = grantOf(parts, site, asked, now);
    const promotion = offered(grant, asked.promotion, promotions.live(site, asked.promotion), now);
    if (promotion instanceof Refusal) {
      // Taken off the menu since: the code that this visit has is good until it expires.
      const held = heldByVisit.get(site, grant.sid, asked.promotion) as ClaimRow | undefined;
      if (held === undefined) throw promotion;
      const had = promotions.version(held.promotion);
      return again(held, had, had, times, now);
    }
    const { id, group, version, worstCase } = promotion;
    const before = taken.get(site, grant.sid, group, id, id) as ClaimRow | undefined;
    if (before !== undefined)
      return again(before, promotion, promotions.version(before.promotion), times, now);
    const subject = asked.subject === undefined ? undefined : readSubject(keys, site, asked.subject, now);
    if (subject !== undefined && !subjects.mayUse(subject, promotion, now))
      throw new Refusal('cap-reached', 'this customer has used it up or put it aside', 'subject');
    // What has expired comes back first, swept or not.
    const taking = promotions.takeUse(promotion) || (expire(now) > 0 && promotions.takeUse(promotion));
    if (!taking && options.checks.caps)
      throw new Refusal('cap-reached', 'every use of it is taken', 'promotion');
    const code = codes.next(promotion);
    const expires = times.expires(promotion, code, now);
    insert.run(site, grant.sid, group, version, code, subject ?? null, worstCase, now, expires);
    reserve(promotion, code, now);
    return { code, promotion: id, expires: times.good(site, code, expires), repeated: false };
  };
}

/** With the checks off, whatever it says. */
function grantOf({ keys, options }: CouponParts, site: string, asked: ClaimRequest, now: number): Grant {
  if (options.checks.grants) return readGrant(keys, site, asked.grant, now);
  const [sid = ''] = asked.grant.split('.');
  return {
    site,
    sid,
    menu: [asked.promotion],
    withheld: [],
    seed: '',
    arm: '',
    propensity: 1,
    issued: now,
    expires: now,
  };
}

/** @param live the version that can be claimed now, where there is one */
function offered(
  { menu }: Grant,
  id: string,
  live: CouponPromotion | undefined,
  now: number,
): CouponPromotion | Refusal {
  if (!menu.includes(id))
    return new Refusal('not-in-menu', `the grant's menu does not hold ${id}`, 'promotion');
  if (live === undefined)
    return new Refusal('unknown-promotion', `no promotion ${id} can be claimed`, 'promotion');
  if (runsAt(live.promotion, now)) return live;
  return new Refusal('not-running', `${id} does not run at this time`, 'promotion');
}

/** A lost answer is asked for again; a second promotion of the group is another matter. */
function again(
  row: ClaimRow,
  wanted: CouponPromotion,
  had: CouponPromotion,
  times: ClaimTimes,
  now: number,
): Claim {
  if (had.id !== wanted.id)
    throw new Refusal('group-taken', `this visit has claimed ${had.id} of the same group`, 'promotion');
  if (row.state === 'expired' || (row.state === 'open' && row.expires <= now))
    throw new Refusal('claim-expired', 'this visit has claimed it before, and let it expire', 'promotion');
  const expires = times.good(had.site, row.code, row.expires);
  return { code: row.code, promotion: had.id, expires, repeated: true };
}

/** Takes the worst case from what is free; where that is too little, what has expired comes back first. */
function reserverOf(parts: CouponParts): (promotion: CouponPromotion, code: string, now: number) => void {
  const ledger = ledgerOf(parts.db);
  const expire = expirerOf(parts);
  return ({ site, budget, worstCase: amount }, code, now) => {
    const short = (): boolean => ledger.free(site, budget) < amount;
    if (parts.options.checks.budgets && short()) expire(now);
    if (parts.options.checks.budgets && short())
      throw new Refusal('budget-exhausted', `budget ${budget} has nothing left to promise`, 'promotion');
    ledger.move({ site, budget, at: now, debit: 'free', credit: 'reserved', amount, code });
  };
}
