/** Reversal: an order comes back, whole or in part, and the budget gets back what the discount on it had cost. */

import type { Minor } from '../../shared/money.ts';
import type { PricedCart } from '../../shared/promotions/price-cart.ts';
import type { Returned } from '../../shared/promotions/refund.ts';
import { ledgerOf } from './ledger.ts';
import type { CouponParts } from './parts.ts';
import { givenBack } from './price.ts';
import { couponPromotionsOf } from './promotions.ts';
import { Refusal } from './refusal.ts';

export interface ReversalRequest {
  /** Pieces by line of the cart that came back now; all that are left where absent. */
  returned?: readonly Returned[];
}

export interface Reversal {
  redemption: string;
  /** Given back now. */
  amount: Minor;
  /** Given back altogether. */
  reversed: Minor;
}

interface RedemptionRow {
  site: string;
  code: string;
  amount: number;
  reversed: number;
  undone: number;
  priced: string;
  version: number;
  reserved: number;
  expires: number;
}

/** @returns work for a transaction that holds the write lock */
export function reverserOf({
  db,
}: CouponParts): (site: string, id: string, asked: ReversalRequest, now: number) => Reversal {
  const ledger = ledgerOf(db);
  const promotions = couponPromotionsOf(db);
  const find = db.prepare(
    `select r.site, r.code, r.amount, r.reversed, r.undone, r.priced, c.promotion as version, c.reserved, c.expires
     from coupon_redemption r join coupon_claim c on c.code = r.code where r.id = ? and r.site = ?`,
  );
  const earlier = db.prepare('select returned from coupon_reversal where redemption = ?').pluck();
  const insert = db.prepare(
    'insert into coupon_reversal (redemption, at, amount, returned) values (?, ?, ?, ?)',
  );
  const update = db.prepare('update coupon_redemption set reversed = reversed + ?, undone = ? where id = ?');
  const reopen = db.prepare(`update coupon_claim set state = 'open' where code = ?`);
  return (site, id, { returned }, now) => {
    const row = /^[1-9]\d{0,15}$/.test(id) ? (find.get(id, site) as RedemptionRow | undefined) : undefined;
    if (row === undefined) throw new Refusal('unknown-redemption', `no redemption ${id} of this shop`, 'id');
    if (row.undone === 1) throw new Refusal('nothing-left', 'all of it has come back already', 'id');
    const version = promotions.version(row.version);
    const { id: promotion, budget } = version;
    const before = (earlier.all(id) as string[]).flatMap((text) => JSON.parse(text) as Returned[]);
    const priced = JSON.parse(row.priced) as PricedCart;
    const left = row.amount - row.reversed;
    const back = givenBack(priced, promotion, left, before, returned);
    const { amount } = back;
    insert.run(id, now, amount, JSON.stringify(back.returned));
    update.run(amount, back.whole ? 1 : 0, id);
    const move = { site, budget, at: now, code: row.code };
    ledger.move({ ...move, debit: 'spent', credit: 'free', amount });
    // Cancelled while its claim lives: the payment failed, say, and the same code pays for the next try.
    const { reserved, expires } = row;
    if (back.whole && expires > now && ledger.free(site, budget) >= reserved) {
      reopen.run(row.code);
      ledger.move({ ...move, debit: 'free', credit: 'reserved', amount: reserved });
    } else if (back.whole) promotions.giveUse(version);
    return { redemption: id, amount, reversed: row.reversed + amount };
  };
}
