/** Who asks: read from the bearer token before any route runs. */

import type { Context, MiddlewareHandler } from 'hono';
import { ApiError } from '../routes/api-error.ts';
import type { Tokens } from '../store/tokens.ts';
import type { Role } from './roles.ts';
import { tokenHash } from './token.ts';

export interface Caller {
  role: Role;
  /** Person or machine: what the audit log names and four eyes compare. */
  owner: string;
  /** Absent without a token. */
  tokenId?: string;
  /** The one site that the token is good for; absent: all of them. */
  site?: string;
}

declare module 'hono' {
  interface ContextVariableMap {
    caller: Caller;
  }
}

const PUBLIC: Caller = { role: 'site', owner: 'public' };

/**
 * Bearer tokens and nothing else: no cookie is read or set, so a page of another origin has nothing to ride on.
 * A token that is shown and not good is refused on public routes too, rather than quietly ignored.
 */
export function identify(tokens: Tokens, now: () => number): MiddlewareHandler {
  return async (c, next) => {
    const header = c.req.header('Authorization');
    c.set('caller', header === undefined ? PUBLIC : callerOf(header, tokens, now()));
    await next();
  };
}

function callerOf(header: string, tokens: Tokens, now: number): Caller {
  const secret = /^Bearer +(\S+)$/i.exec(header)?.[1];
  const caller = secret === undefined ? undefined : callerOfToken(secret, tokens, now);
  if (caller !== undefined) return caller;
  throw new ApiError(
    401,
    'unauthorized',
    'expected Authorization: Bearer TOKEN with a token that is neither expired nor revoked',
  );
}

/** Nothing where the token is unknown, expired or revoked. */
export function callerOfToken(secret: string, tokens: Tokens, now: number): Caller | undefined {
  const token = tokens.byHash(tokenHash(secret));
  if (token === undefined || token.revoked !== undefined || (token.expires ?? Infinity) <= now)
    return undefined;
  const { id: tokenId, role, owner, site } = token;
  return { role, owner, tokenId, ...(site === undefined ? {} : { site }) };
}

/** Lets the named roles in, and a token of one site to that site alone. */
export function requireRole(...roles: readonly Role[]): MiddlewareHandler {
  const handler: MiddlewareHandler = async (c, next) => {
    allow(c, roles);
    await next();
  };
  return Object.assign(handler, { roles });
}

/** Whom a middleware made by `requireRole` lets in. */
export const rolesOf = (handler: unknown): readonly Role[] | undefined =>
  (handler as { roles?: readonly Role[] }).roles;

function allow(c: Context, roles: readonly Role[]): void {
  const caller = c.get('caller');
  if (!roles.includes(caller.role)) {
    if (caller.role === 'site') {
      throw new ApiError(
        401,
        'unauthorized',
        `expected Authorization: Bearer TOKEN of role ${roles.join(' or ')}`,
      );
    }
    throw new ApiError(
      403,
      'forbidden',
      `expected a token of role ${roles.join(' or ')}, found one of role ${caller.role}`,
    );
  }
  // A route without a site is about all of them.
  if (caller.site !== undefined && caller.site !== c.req.param('site')) {
    throw new ApiError(403, 'forbidden', `expected site ${caller.site}, which this token is for`, 'site');
  }
}
