/** Makes and withdraws tokens; both are in the audit log. */

import { randomBytes } from 'node:crypto';
import { BadInput } from '../../shared/errors.ts';
import { COMMAND_LINE, EVERY_SITE } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import type { Token } from '../store/tokens.ts';
import { secondApproverCame } from './four-eyes.ts';
import type { TokenRole } from './roles.ts';
import { newToken, tokenHash } from './token.ts';

export interface TokenOrder {
  role: TokenRole;
  /** Person or machine. */
  owner: string;
  /** Absent: every site. */
  site?: string;
  /** Epoch ms; absent: until it is revoked. */
  expires?: number;
}

const OWNER = /^[\p{L}\p{N}][\p{L}\p{N} .@_-]{0,63}$/u;

/**
 * @param secret where a token must be known already; a new one where absent
 * @returns the token as stored, and the secret, which can never be read again
 * @throws BadInput where the owner's name is none
 */
export function issueToken(
  store: Store,
  { role, owner, site, expires }: TokenOrder,
  now: number,
  who: string = COMMAND_LINE,
  secret: string = newToken(),
): { token: Token; secret: string } {
  if (!OWNER.test(owner)) {
    throw new BadInput({ field: 'owner' }, 'a name of letters, digits and . @ _ -, at most 64 long', owner);
  }
  const token: Token = {
    id: randomBytes(4).toString('hex'),
    owner,
    role,
    created: now,
    ...(site === undefined ? {} : { site }),
    ...(expires === undefined ? {} : { expires }),
  };
  store.transaction(() => {
    if (!store.tokens.add(token, tokenHash(secret))) return;
    const detail = { token: token.id, owner, role, ...(expires === undefined ? {} : { expires }) };
    store.audit.add({ at: now, site: site ?? EVERY_SITE, who, action: 'token-create', detail });
    secondApproverCame(store, now);
  });
  return { token, secret };
}

/** @throws BadInput where there is no live token of this id */
export function revokeToken(store: Store, id: string, now: number, who: string = COMMAND_LINE): void {
  store.transaction(() => {
    if (!store.tokens.revoke(id, now)) {
      throw new BadInput({ field: 'id' }, 'the id of a token that is not revoked', id);
    }
    store.audit.add({ at: now, site: EVERY_SITE, who, action: 'token-revoke', detail: { token: id } });
  });
}
