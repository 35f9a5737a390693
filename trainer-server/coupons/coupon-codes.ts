/** Where codes come from: made at the claim, or taken from the pool that a hosted checkout was given. */

import { CODE_OPTIONS, createCode, readCode } from '../../shared/promotions/codes.ts';
import type { CouponParts } from './parts.ts';
import type { CouponPromotion } from './promotions.ts';
import { Refusal } from './refusal.ts';

export interface CouponCodes {
  /** One that nobody has. @throws Refusal `no-codes-left` where the promotion's pool is used up */
  next(promotion: CouponPromotion): string;
  /** It came from a pool: another system honours it, whatever is decided here. */
  isHosted(site: string, code: string): boolean;
  /** As it is stored, from what a shopper typed. */
  find(site: string, typed: string): string | undefined;
  /** @returns how many were not there before */
  addToPool(site: string, promotion: string, codes: readonly string[]): number;
  /** Those not yet taken. */
  pool(site: string, promotion: string): string[];
  make(count: number): string[];
}

export function couponCodesOf({ db, random }: Pick<CouponParts, 'db' | 'random'>): CouponCodes {
  const hasPool = db.prepare('select 1 from coupon_pool where site = ? and promotion = ? limit 1').pluck();
  const first = db
    .prepare(`select code from coupon_pool where site = ? and promotion = ? and state = 'new' limit 1`)
    .pluck();
  const take = db.prepare(`update coupon_pool set state = 'taken' where site = ? and code = ?`);
  const all = db
    .prepare(`select code from coupon_pool where site = ? and promotion = ? and state = 'new' order by code`)
    .pluck();
  const add = db.prepare('insert or ignore into coupon_pool (site, promotion, code) values (?, ?, ?)');
  const pooled = db.prepare('select 1 from coupon_pool where site = ? and code = ?').pluck();
  const folded = db
    .prepare(`select code from coupon_pool where site = ? and upper(code) = upper(?) and state = 'taken'`)
    .pluck();
  const create = (): string => createCode((bytes) => Uint8Array.from(random(bytes.length)));
  const claimed = db.prepare('select code from coupon_claim where code = ? and site = ?').pluck();
  return {
    next({ site, id }) {
      if (hasPool.get(site, id) === undefined) return create();
      const code = first.get(site, id) as string | undefined;
      if (code === undefined)
        throw new Refusal('no-codes-left', `every code of ${id}'s pool is taken: import more`, 'promotion');
      take.run(site, code);
      return code;
    },
    isHosted: (site, code) => pooled.get(site, code) !== undefined,
    find: (site, typed) =>
      (claimed.get(typed.trim(), site) ??
        claimed.get(tidied(typed), site) ??
        claimed.get(folded.get(site, typed.trim()), site)) as string | undefined,
    addToPool: (site, promotion, codes) =>
      codes.filter((code) => add.run(site, promotion, code).changes === 1).length,
    pool: (site, promotion) => all.all(site, promotion) as string[],
    make: (count) => Array.from({ length: count }, () => create()),
  };
}

/** Our own codes as they are handed out; undefined for what was mistyped. */
function tidied(typed: string): string | undefined {
  return readCode(typed)
    ?.match(new RegExp(`.{1,${CODE_OPTIONS.group}}`, 'g'))
    ?.join('-');
}
