/** The chain of root documents of each site. */

import type { SignedRoot } from '../../shared/root.ts';
import type { Db } from './database.ts';

export interface Roots {
  /** @param adopted epoch ms */
  add(site: string, document: SignedRoot, adopted: number): void;
  /** The newest; undefined where the pages pin the release keys themselves. */
  current(site: string): SignedRoot | undefined;
  /** Exactly the text that is served. */
  text(site: string, version: number): string | undefined;
  /** Oldest first. */
  list(site: string): SignedRoot[];
}

export function rootsOf(db: Db): Roots {
  const insert = db.prepare('insert into root (site, version, document, adopted) values (?, ?, ?, ?)');
  const one = db.prepare('select document from root where site = ? and version = ?').pluck();
  const all = db.prepare('select document from root where site = ? order by version').pluck();
  const last = db.prepare('select document from root where site = ? order by version desc limit 1').pluck();
  return {
    add: (site, document, adopted) =>
      void insert.run(site, document.signed.version, JSON.stringify(document), adopted),
    current: (site) => {
      const text = last.get(site) as string | undefined;
      return text === undefined ? undefined : JSON.parse(text);
    },
    text: (site, version) => one.get(site, version) as string | undefined,
    list: (site) => (all.all(site) as string[]).map((text) => JSON.parse(text)),
  };
}
