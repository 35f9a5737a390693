/** What consenting people sent, to hand out or to forget: every table that holds it is named here. */

import type { Db } from './database.ts';

/** Whose data: any of these. */
export interface Person {
  /** The name that a device made up when its shopper consented. */
  visitor?: string | undefined;
  /** Ids of single decisions. */
  trajectories?: readonly string[] | undefined;
  /** The shop's own name for its customer. */
  customer?: string | undefined;
  /** The same customer as the coupons know them. */
  subject?: string | undefined;
}

export interface PersonalData {
  trajectories: unknown[];
  orders: unknown[];
  /** Claims and redemptions. */
  coupons: unknown[];
}

export interface Erased {
  trajectories: number;
  orders: number;
  /** Rows that no longer say whose they are: their money stays in the books. */
  coupons: number;
}

export interface PersonalDataStore {
  find(site: string, person: Person): PersonalData;
  /** Inside a transaction. */
  erase(site: string, person: Person): Erased;
  /** Also from the log of recent writes, where what was deleted would stand until the next checkpoint. */
  forget(): void;
}

export function personalDataOf(db: Db): PersonalDataStore {
  const ofCoupons = couponsOfCustomer(db);
  const ids = '(select value from json_each(@trajectories))';
  const ofDevice = `site = @site and (json_extract(body, '$.visitor') = @visitor or id in ${ids})`;
  const ofCustomer = `site = @site and json_extract(body, '$.customer') = @customer`;
  const trajectories = db.prepare(`select body from trajectory where ${ofDevice} order by rowid`).pluck();
  const orders = db.prepare(`select body from shop_order where ${ofCustomer} order by rowid`).pluck();
  const dropTrajectories = db.prepare(`delete from trajectory where ${ofDevice}`);
  const dropOrders = db.prepare(`delete from shop_order where ${ofCustomer}`);
  const device = (site: string, { visitor, trajectories: list = [] }: Person) => ({
    site,
    visitor: visitor ?? null,
    trajectories: JSON.stringify(list),
  });
  const parse = (rows: unknown[]): unknown[] => (rows as string[]).map((body) => JSON.parse(body));
  return {
    find: (site, person) => ({
      trajectories: parse(trajectories.all(device(site, person))),
      orders: parse(orders.all({ site, customer: person.customer ?? null })),
      coupons: ofCoupons.find(site, person.subject),
    }),
    erase: (site, person) => ({
      trajectories: dropTrajectories.run(device(site, person)).changes,
      orders: dropOrders.run({ site, customer: person.customer ?? null }).changes,
      coupons: ofCoupons.erase(site, person.subject),
    }),
    forget: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
  };
}

function couponsOfCustomer(db: Db): {
  find(site: string, subject: string | undefined): unknown[];
  erase(site: string, subject: string | undefined): number;
} {
  const claims = db.prepare(
    "select 'claim' as kind, code, state, claimed as at from coupon_claim where site = ? and subject = ? order by claimed",
  );
  const redemptions = db.prepare(
    'select \'redemption\' as kind, code, promotion, order_id as "order", amount, reversed, at from coupon_redemption where site = ? and subject = ? order by at',
  );
  const statements = [
    // Not null: a claim without a customer is anybody's to redeem. This one expires, and gives back what it reserved.
    "update coupon_claim set subject = 'erased' where site = ? and subject = ?",
    'update coupon_redemption set subject = null where site = ? and subject = ?',
    'delete from coupon_dismissal where site = ? and subject = ?',
  ].map((sql) => db.prepare(sql));
  return {
    find: (site, subject) =>
      subject === undefined ? [] : [...claims.all(site, subject), ...redemptions.all(site, subject)],
    erase: (site, subject) =>
      subject === undefined ? 0 : statements.reduce((sum, each) => sum + each.run(site, subject).changes, 0),
  };
}
