/** Expiry: what open claims reserved comes back. */

import { ledgerOf } from './ledger.ts';
import type { CouponParts } from './parts.ts';
import { couponPromotionsOf } from './promotions.ts';

/** A sweep gives back at most this many at once, so that no request waits long behind it. */
const SWEEP = 500;

interface Due {
  site: string;
  code: string;
  promotion: number;
  reserved: number;
}

/** @returns work for a transaction that gives the number of claims expired */
export function expirerOf({ db }: Pick<CouponParts, 'db'>): (now: number) => number {
  const ledger = ledgerOf(db);
  const promotions = couponPromotionsOf(db);
  const due = db.prepare(
    `select site, code, promotion, reserved from coupon_claim
     where state = 'open' and expires <= ? order by expires limit ${SWEEP}`,
  );
  const close = db.prepare(`update coupon_claim set state = 'expired' where code = ?`);
  return (now) => {
    const claims = due.all(now) as Due[];
    for (const { site, code, promotion, reserved } of claims) {
      const version = promotions.version(promotion);
      const { budget } = version;
      close.run(code);
      ledger.move({ site, budget, at: now, debit: 'reserved', credit: 'free', amount: reserved, code });
      promotions.giveUse(version);
    }
    return claims.length;
  };
}
