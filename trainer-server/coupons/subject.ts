/** Customers, as the shop vouches for them: a browser cannot prove who it is. */

import * as v from 'valibot';
import { type CouponKeys, subjectOf } from './keys.ts';
import type { CouponParts } from './parts.ts';
import type { CouponPromotion } from './promotions.ts';
import { Refusal } from './refusal.ts';
import { readToken } from './signed-token.ts';

/** What the shop's own server signs with its subject key. */
const subjectSchema = v.object({
  customer: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Epoch ms. */
  expires: v.number(),
});

/**
 * @returns the customer's peppered hash
 * @throws Refusal `bad-subject`
 */
export function readSubject(keys: CouponKeys, site: string, token: string, now: number): string {
  const parsed = v.safeParse(subjectSchema, readToken(token, keys.of(site, 'subject')));
  if (!parsed.success || parsed.output.expires <= now)
    throw new Refusal('bad-subject', "expected a subject token of this shop's, not yet expired", 'subject');
  return subjectOf(keys, site, parsed.output.customer);
}

export interface Subjects {
  /** Uses made, but those of orders that came back whole; under any version of the promotion. */
  redeemed(subject: string, promotion: Pick<CouponPromotion, 'site' | 'id'>): number;
  /** Neither dismissed nor used up; a claim that is still open counts as a use. */
  mayUse(subject: string, promotion: CouponPromotion, now: number): boolean;
  dismiss(site: string, subject: string, promotion: string, until: number): void;
}

export function subjectsOf({ db, options }: Pick<CouponParts, 'db' | 'options'>): Subjects {
  const redeemed = db
    .prepare(
      `select count(*) from coupon_redemption where site = ? and subject = ? and promotion = ? and undone = 0`,
    )
    .pluck();
  const open = db
    .prepare(
      `select count(*) from coupon_claim c join coupon_promotion p on p.version = c.promotion
       where c.site = ? and c.subject = ? and p.id = ? and c.state = 'open'`,
    )
    .pluck();
  const dismissed = db
    .prepare('select 1 from coupon_dismissal where site = ? and subject = ? and promotion = ? and until > ?')
    .pluck();
  const dismiss = db.prepare(
    `insert into coupon_dismissal (site, subject, promotion, until) values (?, ?, ?, ?)
     on conflict (site, subject, promotion) do update set until = max(until, excluded.until)`,
  );
  const uses: Subjects['redeemed'] = (subject, { site, id }) => redeemed.get(site, subject, id) as number;
  return {
    redeemed: uses,
    mayUse(subject, promotion, now) {
      const { site, id, perCustomer } = promotion;
      if (dismissed.get(site, subject, id, now) !== undefined) return false;
      if (perCustomer === undefined || !options.checks.caps) return true;
      return uses(subject, promotion) + (open.get(site, subject, id) as number) < perCustomer;
    },
    dismiss: (site, subject, promotion, until) => void dismiss.run(site, subject, promotion, until),
  };
}
