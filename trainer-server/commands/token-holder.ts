/** Who works at the command line: the owner of the token in PROMO_EDGE_TOKEN. */

import { BadInput } from '../../shared/errors.ts';
import { type Caller, callerOfToken } from '../access/caller.ts';
import type { Role } from '../access/roles.ts';
import type { Store } from '../store/store.ts';
import type { Io } from './command.ts';

/**
 * @param site what the act is about; a token of one site is good for that one alone
 * @returns nothing where no token is shown
 * @throws BadInput where one is shown that does not allow it
 */
export function tokenHolder(
  store: Store,
  { env, now }: Io,
  roles: readonly Role[],
  site?: string,
): Caller | undefined {
  const secret = env.PROMO_EDGE_TOKEN;
  if (secret === undefined) return undefined;
  const caller = callerOfToken(secret, store.tokens, now());
  const found =
    caller === undefined
      ? 'one that is unknown, expired or revoked'
      : !roles.includes(caller.role)
        ? `one of role ${caller.role}`
        : caller.site !== undefined && caller.site !== site
          ? `one of site ${caller.site}`
          : undefined;
  if (found === undefined) return caller;
  throw new BadInput({ field: 'PROMO_EDGE_TOKEN' }, `a token of role ${roles.join(' or ')}`, found);
}
