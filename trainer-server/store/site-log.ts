/** Consented trajectories and reported orders: appended, never changed. */

import type { Db } from './database.ts';

/** A line of a site's log: `id` counts once, whoever sends it how often. */
export interface LogLine {
  id: string;
  /** Epoch ms. */
  received: number;
  /** JSON. */
  body: string;
}

export interface SiteLog {
  /** @returns false where the id is already there; the first one stays */
  append(site: string, line: LogLine): boolean;
  /** In the order of arrival. */
  lines(site: string): IterableIterator<LogLine>;
  find(site: string, id: string): LogLine | undefined;
  count(site: string): number;
}

export const trajectoriesOf = (db: Db): SiteLog => siteLog(db, 'trajectory');
export const ordersOf = (db: Db): SiteLog => siteLog(db, 'shop_order');

function siteLog(db: Db, table: 'trajectory' | 'shop_order'): SiteLog {
  const insert = db.prepare(`insert or ignore into ${table} (site, id, received, body) values (?, ?, ?, ?)`);
  const all = db.prepare(`select id, received, body from ${table} where site = ? order by rowid`);
  const one = db.prepare(`select id, received, body from ${table} where site = ? and id = ?`);
  const count = db.prepare(`select count(*) from ${table} where site = ?`).pluck();
  return {
    append: (site, { id, received, body }) => insert.run(site, id, received, body).changes === 1,
    lines: (site) => all.iterate(site) as IterableIterator<LogLine>,
    find: (site, id) => one.get(site, id) as LogLine | undefined,
    count: (site) => count.get(site) as number,
  };
}
