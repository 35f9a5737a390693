/**
 * Redemption: the shop's server turns codes into a price. Everything the browser said is worked out again here; what
 * was reserved becomes what was spent, and the rest is free again.
 */

import type { Minor } from '../../shared/money.ts';
import type { Cart } from '../../shared/promotions/cart.ts';
import type { Facts } from '../../shared/promotions/facts.ts';
import type { PricedCart } from '../../shared/promotions/price-cart.ts';
import { couponCodesOf } from './coupon-codes.ts';
import { subjectOf } from './keys.ts';
import { ledgerOf } from './ledger.ts';
import type { CouponParts } from './parts.ts';
import { chargeOf } from './price.ts';
import { type CouponPromotion, couponPromotionsOf } from './promotions.ts';
import { Refusal } from './refusal.ts';
import { subjectsOf } from './subject.ts';

export interface RedemptionRequest {
  /** The shop's own number. */
  order: string;
  /** As the shopper typed them: at most one of each exclusion group. */
  codes: readonly string[];
  cart: Cart;
  /** The shop's own name for its customer: caps are counted on it. */
  customer?: string;
  /** What the shop knows of the customer, for eligibility. */
  facts?: Pick<Facts, 'timeZone' | 'attributes' | 'segments' | 'locale'>;
}

export interface Redemption {
  id: string;
  code: string;
  promotion: string;
  /** What it took from its budget. */
  amount: Minor;
}

export interface Redeemed {
  order: string;
  redemptions: Redemption[];
  /** What the shop charges. */
  priced: PricedCart;
}

interface OpenClaim {
  code: string;
  promotion: CouponPromotion;
  reserved: Minor;
}

interface ClaimRow {
  code: string;
  promotion: number;
  subject: string | null;
  reserved: number;
  expires: number;
  state: 'open' | 'redeemed' | 'expired';
}

/** @returns work for a transaction that holds the write lock */
export function redeemerOf(
  parts: CouponParts,
): (site: string, asked: RedemptionRequest, now: number) => Redeemed {
  const { db, keys } = parts;
  const claimOf = claimFinder(parts);
  const checkCustomer = customerCheck(parts);
  const settle = settlerOf(parts);
  const insert = db.prepare(
    `insert into coupon_redemption
       (site, code, order_id, exclusion_group, promotion, subject, amount, at, priced)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (site, asked, now) => {
    const { order, cart, customer } = asked;
    const subject = customer === undefined ? undefined : subjectOf(keys, site, customer);
    const claims = asked.codes.map((typed) => claimOf(site, typed, subject, now));
    for (const claim of claims) checkCustomer(site, order, claim, subject);
    const promotions = claims.map(({ promotion }) => promotion);
    const { priced, costs } = chargeOf(promotions, cart, { ...asked.facts, now });
    const text = JSON.stringify(priced);
    const redemptions = claims.map(({ code, promotion, reserved }, i): Redemption => {
      const amount = costs[i]!;
      if (amount > reserved) throw aboveReserved(promotion.id, amount, reserved);
      const group = promotion.group;
      const added = insert.run(site, code, order, group, promotion.id, subject ?? null, amount, now, text);
      settle({ code, promotion, reserved }, amount, now);
      return { id: String(added.lastInsertRowid), code, promotion: promotion.id, amount };
    });
    return { order, redemptions, priced };
  };
}

function aboveReserved(id: string, amount: Minor, reserved: Minor): Refusal {
  return new Refusal(
    'above-reserved',
    `${id} would take ${amount} off and ${reserved} are reserved: give it a maximum`,
    'codes',
  );
}

function claimFinder({ db, options }: CouponParts) {
  const codes = couponCodesOf({ db, random: () => Buffer.alloc(0) });
  const promotions = couponPromotionsOf(db);
  const find = db.prepare(
    'select code, promotion, subject, reserved, expires, state from coupon_claim where code = ?',
  );
  return (site: string, typed: string, subject: string | undefined, now: number): OpenClaim => {
    const code = codes.find(site, typed);
    if (code === undefined) throw new Refusal('unknown-code', 'no such code of this shop', 'codes');
    const row = find.get(code) as ClaimRow;
    if (row.state === 'redeemed' && options.checks.once)
      throw new Refusal('already-redeemed', `${code} has been redeemed`, 'codes');
    if (row.state === 'expired' || row.expires <= now)
      throw new Refusal('claim-expired', `${code} has expired`, 'codes');
    if (row.subject !== null && row.subject !== subject)
      throw new Refusal('other-customer', `${code} was claimed by another customer`, 'customer');
    return { code, promotion: promotions.version(row.promotion), reserved: row.reserved };
  };
}

/** Caps count on the shop's own customer id: a wiped browser is a new session, and no new customer. */
function customerCheck(parts: CouponParts) {
  const { checks } = parts.options;
  const subjects = subjectsOf(parts);
  const inOrder = parts.db
    .prepare('select 1 from coupon_redemption where site = ? and order_id = ? and exclusion_group = ?')
    .pluck();
  return (site: string, order: string, { promotion }: OpenClaim, subject: string | undefined): void => {
    const { id, group, perCustomer } = promotion;
    if (checks.once && inOrder.get(site, order, group) !== undefined)
      throw new Refusal('order-has-one', `order ${order} has one of the same group already`, 'codes');
    if (perCustomer === undefined || !checks.caps) return;
    if (subject === undefined)
      throw new Refusal('customer-needed', `${id} is capped for each customer: say which one`, 'customer');
    if (subjects.redeemed(subject, { site, id }) >= perCustomer)
      throw new Refusal('cap-reached', `this customer has used ${id} ${perCustomer} times`, 'customer');
  };
}

function settlerOf({ db }: CouponParts) {
  const ledger = ledgerOf(db);
  const close = db.prepare(`update coupon_claim set state = 'redeemed' where code = ?`);
  return ({ code, promotion, reserved }: OpenClaim, amount: Minor, at: number): void => {
    const { site, budget } = promotion;
    close.run(code);
    ledger.move({ site, budget, at, debit: 'reserved', credit: 'spent', amount, code });
    ledger.move({ site, budget, at, debit: 'reserved', credit: 'free', amount: reserved - amount, code });
  };
}
