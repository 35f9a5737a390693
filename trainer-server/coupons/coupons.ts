/**
 * Coupons, put together: grant, claim, redeem, reverse, expire. Every write is one savepoint of a group commit, and
 * is answered once it is on the disk. Times are arguments, by the server's clock: nobody else's counts.
 */

import type { Promotion } from '../../shared/promotion.ts';
import type { Db } from '../store/database.ts';
import type { GroupCommit } from '../store/group-commit.ts';
import type { Store } from '../store/store.ts';
import { type Budgets, budgetsOf } from './budgets.ts';
import { type Claim, type ClaimRequest, claimerOf } from './claim.ts';
import { type CouponCodes, couponCodesOf } from './coupon-codes.ts';
import { type Experiments, experimentsOf } from './experiment.ts';
import { expirerOf } from './expire.ts';
import { type GrantRequest, granterOf, type IssuedGrant } from './grant.ts';
import { type Answered, idempotencyOf } from './idempotency.ts';
import { type CouponKeys, couponKeys, subjectOf } from './keys.ts';
import { type Ledger, ledgerOf } from './ledger.ts';
import { COUPON_OPTIONS, type CouponOptions } from './options.ts';
import type { CouponParts } from './parts.ts';
import { type Previews, previewsOf } from './preview.ts';
import { checkOffer } from './price.ts';
import { type CouponPromotions, couponPromotionsOf, type Decider } from './promotions.ts';
import { pooledBytes } from './random-bytes.ts';
import { newSidLimit } from './rate.ts';
import {
  type Quote,
  type QuoteRequest,
  quoterOf,
  type Redeemed,
  type RedemptionRequest,
  redeemerOf,
} from './redeem.ts';
import { type Reversal, type ReversalRequest, reverserOf } from './reverse.ts';
import { subjectsOf } from './subject.ts';

export interface Coupons {
  keys: CouponKeys;
  ledger: Ledger;
  budgets: Budgets;
  promotions: CouponPromotions;
  experiments: Experiments;
  codes: CouponCodes;
  previews: Previews;
  /** @param address of who asks, as far as it is known: new visits are counted by network */
  grant(site: string, asked: GrantRequest, address: string | undefined, now: number): Promise<IssuedGrant>;
  claim(site: string, asked: ClaimRequest, now: number): Promise<Claim>;
  /** @throws Refusal as the redemption would */
  quote(site: string, asked: QuoteRequest, now: number): Quote;
  redeem(site: string, key: string, asked: RedemptionRequest, now: number): Promise<Answered<Redeemed>>;
  reverse(
    site: string,
    id: string,
    key: string,
    asked: ReversalRequest,
    now: number,
  ): Promise<Answered<Reversal>>;
  /** Gives back what expired claims reserved. @returns how many */
  expire(now: number): Promise<number>;
  dismiss(site: string, customer: string, promotion: string, now: number): Promise<void>;
  /** Offers a promotion out of a budget that is there, for the operator. @returns its version */
  offer(site: string, promotion: Promotion, terms: OfferTerms): number;
}

export interface OfferTerms {
  budget: string;
  /** Life of a claim, ms; the server's default where absent. */
  claimMs?: number;
  /** A person where absent. */
  by?: Decider;
}

export interface CouponSetting {
  db: Db;
  commit: GroupCommit;
  keys: CouponKeys;
  options?: Partial<CouponOptions>;
  random?(count: number): Buffer;
}

/** Over a store, with the key in its folder. */
export function openCoupons(store: Store, options?: Partial<CouponOptions>): Coupons {
  const { db, commit, dir } = store;
  return couponsOf({ db, commit, keys: couponKeys(dir), ...(options === undefined ? {} : { options }) });
}

export function couponsOf({ db, commit, keys, options, random = pooledBytes() }: CouponSetting): Coupons {
  const parts: CouponParts = { db, keys, options: { ...COUPON_OPTIONS, ...options }, random };
  const { claimMs, replyMs, dismissedMs, checks } = parts.options;
  const replies = idempotencyOf(db);
  const [grant, claim, redeem, reverse, expire] = [
    granterOf(parts),
    claimerOf(parts),
    redeemerOf(parts),
    reverserOf(parts),
    expirerOf(parts),
  ];
  const allow = newSidLimit(parts.options);
  const subjects = subjectsOf(parts);
  const promotions = couponPromotionsOf(db);
  const ledger = ledgerOf(db);
  return {
    keys,
    promotions,
    ledger,
    budgets: budgetsOf(db),
    experiments: experimentsOf(db),
    codes: couponCodesOf(parts),
    previews: previewsOf(db, keys),
    grant: async (site, asked, address, now) => {
      // A visit that goes on writes nothing, so it needs no transaction.
      if (asked.grant !== undefined) return grant(site, asked, now);
      await allow(site, address);
      return commit(() => grant(site, asked, now));
    },
    claim: (site, asked, now) => commit(() => claim(site, asked, now)),
    quote: quoterOf(parts),
    redeem: (site, key, asked, now) =>
      commit(() => {
        const work = (): Redeemed => redeem(site, asked, now);
        if (!checks.once) return { answer: work(), replayed: false };
        return replies.once(site, key, ['redeem', asked], now, work);
      }),
    reverse: (site, id, key, asked, now) =>
      commit(() => replies.once(site, key, ['reverse', id, asked], now, () => reverse(site, id, asked, now))),
    expire: (now) =>
      commit(() => {
        replies.forget(now - replyMs);
        return expire(now);
      }),
    dismiss: (site, customer, promotion, now) =>
      commit(() => subjects.dismiss(site, subjectOf(keys, site, customer), promotion, now + dismissedMs)),
    offer: db.transaction((site: string, promotion: Promotion, { budget, ...terms }: OfferTerms) => {
      checkOffer(promotion, budget, ledger.budget(site, budget));
      return promotions.add(site, promotion, { budget, claimMs, ...terms });
    }),
  };
}
