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
}

export interface PersonalData {
  trajectories: unknown[];
  orders: unknown[];
}

export interface Erased {
  trajectories: number;
  orders: number;
}

export interface PersonalDataStore {
  find(site: string, person: Person): PersonalData;
  /** Inside a transaction. */
  erase(site: string, person: Person): Erased;
  /** Also from the log of recent writes, where what was deleted would stand until the next checkpoint. */
  forget(): void;
}

export function personalDataOf(db: Db): PersonalDataStore {
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
    }),
    erase: (site, person) => ({
      trajectories: dropTrajectories.run(device(site, person)).changes,
      orders: dropOrders.run({ site, customer: person.customer ?? null }).changes,
    }),
    forget: () => void db.pragma('wal_checkpoint(TRUNCATE)'),
  };
}
