/** Tokens by their hash; who they belong to, what they allow, until when. */

import type { TokenRole } from '../access/roles.ts';
import type { Db } from './database.ts';

export interface Token {
  /** Public: names the token in lists. */
  id: string;
  owner: string;
  role: TokenRole;
  /** Absent: every site. */
  site?: string;
  created: number;
  expires?: number;
  revoked?: number;
}

export interface Tokens {
  /** @returns false where a token of this hash is already there */
  add(token: Token, hash: Uint8Array): boolean;
  byHash(hash: Uint8Array): Token | undefined;
  /** In the order in which they were made. */
  list(): Token[];
  /** @returns false where there is none of this id, or it is revoked already */
  revoke(id: string, at: number): boolean;
}

interface TokenRow {
  id: string;
  owner: string;
  role: TokenRole;
  site: string | null;
  created: number;
  expires: number | null;
  revoked: number | null;
}

const COLUMNS = 'id, owner, role, site, created, expires, revoked';

export function tokensOf(db: Db): Tokens {
  const insert = db.prepare(
    'insert into token (id, hash, owner, role, site, created, expires) values (?, ?, ?, ?, ?, ?, ?) on conflict (hash) do nothing',
  );
  const byHash = db.prepare(`select ${COLUMNS} from token where hash = ?`);
  const list = db.prepare(`select ${COLUMNS} from token order by rowid`);
  const revoke = db.prepare('update token set revoked = ? where id = ? and revoked is null');
  return {
    add: ({ id, owner, role, site, created, expires }, hash) =>
      insert.run(id, hash, owner, role, site ?? null, created, expires ?? null).changes === 1,
    byHash: (hash) => {
      const row = byHash.get(hash) as TokenRow | undefined;
      return row === undefined ? undefined : toToken(row);
    },
    list: () => (list.all() as TokenRow[]).map(toToken),
    revoke: (id, at) => revoke.run(at, id).changes === 1,
  };
}

function toToken({ site, expires, revoked, ...rest }: TokenRow): Token {
  return {
    ...rest,
    ...(site === null ? {} : { site }),
    ...(expires === null ? {} : { expires }),
    ...(revoked === null ? {} : { revoked }),
  };
}
