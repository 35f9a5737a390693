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

/** What a redemption would say now. Nothing is written and nothing reserved: the last word has the redemption. */
export type QuoteRequest = Omit<RedemptionRequest, 'order'>;

export interface Quote {
  codes: { code: string; promotion: string; amount: Minor }[];
  /** What the shop would charge. */
  priced: PricedCart;
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

interface Judged {
  subject: string | undefined;
  claims: OpenClaim[];
  /** By claim: what it takes from its budget. */
  amounts: Minor[];
  priced: PricedCart;
}

/** Whether these codes are good for this cart and customer, and what they take off. Reads, and writes nothing. */
function judgeOf(parts: CouponParts): (site: string, asked: QuoteRequest, now: number) => Judged {
  const claimOf = claimFinder(parts);
  const checkCustomer = customerCheck(parts);
  return (site, { codes, cart, customer, facts }, now) => {
    const subject = customer === undefined ? undefined : subjectOf(parts.keys, site, customer);
    const claims = codes.map((typed) => claimOf(site, typed, subject, now));
    for (const { promotion } of claims) checkCustomer(promotion, subject);
    const promotions = claims.map(({ promotion }) => promotion);
    const { priced, costs: amounts } = chargeOf(promotions, cart, { ...facts, now });
    claims.forEach(({ promotion: { id }, reserved }, i) => {
      if (amounts[i]! > reserved) throw aboveReserved(id, amounts[i]!, reserved);
    });
    return { subject, claims, amounts, priced };
  };
}

export function quoterOf(parts: CouponParts): (site: string, asked: QuoteRequest, now: number) => Quote {
  const judge = judgeOf(parts);
  return (site, asked, now) => {
    const { claims, amounts, priced } = judge(site, asked, now);
    const codes = claims.map(({ code, promotion: { id } }, i) => ({
      ...{ code, promotion: id, amount: amounts[i]! },
    }));
    return { codes, priced };
  };
}

/** @returns work for a transaction that holds the write lock */
export function redeemerOf(
  parts: CouponParts,
): (site: string, asked: RedemptionRequest, now: number) => Redeemed {
  const { db, options } = parts;
  const judge = judgeOf(parts);
  const settle = settlerOf(parts);
  const inOrder = db
    .prepare('select 1 from coupon_redemption where site = ? and order_id = ? and undone = 0 limit 1')
    .pluck();
  const insert = db.prepare(
    `insert into coupon_redemption
       (site, code, order_id, exclusion_group, promotion, subject, amount, at, priced)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  return (site, asked, now) => {
    const { order } = asked;
    // Priced by itself, a second code would be combined with nothing: groups and stacking would bind nobody.
    if (options.checks.once && inOrder.get(site, order) !== undefined)
      throw new Refusal(
        'order-has-one',
        `order ${order} is priced with its codes: reverse those, then send all of them at once`,
        'order',
      );
    const { subject, claims, amounts, priced } = judge(site, asked, now);
    const text = JSON.stringify(priced);
    const redemptions = claims.map(({ code, promotion, reserved }, i): Redemption => {
      const amount = amounts[i]!;
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
  return ({ site, id, perCustomer }: CouponPromotion, subject: string | undefined): void => {
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
