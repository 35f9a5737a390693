/** How often one caller may ask. Counted in memory under names that say nothing of who it is. */

import { createHmac, randomBytes } from 'node:crypto';
import type { Context, MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ApiError } from '../routes/api-error.ts';
import { addressOf, networkOf } from './address.ts';

/** Requests a minute. Each process counts by itself: several allow as many times as much. */
export interface RateLimits {
  /** Of one network without a token. A page takes about 20 when its caches are empty. */
  perNetwork: number;
  /** Of one token. */
  perToken: number;
  /** Answered 401 to one network: nobody guesses 256 bits, and nobody shall fill our log with trying. */
  refused: number;
  /** One-bit reports of one network. A device sends one a week: a flood of them is no measurement. */
  reports: number;
}

export const RATE_LIMITS: RateLimits = { perNetwork: 1_200, perToken: 300_000, refused: 30, reports: 60 };

const MINUTE_S = 60;

/** Counts tokens by id and everyone else by network; runs after `identify`. */
export function limitRequests(limits: RateLimits, trustedProxies: number): MiddlewareHandler {
  const networks = new RateLimiterMemory({ points: limits.perNetwork, duration: MINUTE_S });
  const tokens = new RateLimiterMemory({ points: limits.perToken, duration: MINUTE_S });
  const nameOf = networkNames();
  return async (c, next) => {
    const { tokenId } = c.get('caller');
    if (tokenId !== undefined) await take(c, tokens, tokenId);
    else {
      const network = nameOf(addressOf(c, trustedProxies));
      if (network !== undefined) await take(c, networks, network);
    }
    await next();
  };
}

/** For the one route where a lie counts as much as the truth. */
export function limitReports({ reports }: RateLimits, trustedProxies: number): MiddlewareHandler {
  const networks = new RateLimiterMemory({ points: reports, duration: MINUTE_S });
  const nameOf = networkNames();
  return async (c, next) => {
    const network = nameOf(addressOf(c, trustedProxies));
    if (network !== undefined) await take(c, networks, network);
    await next();
  };
}

/** Counts what `identify` refuses; runs before it. */
export function limitGuessing(limits: RateLimits, trustedProxies: number): MiddlewareHandler {
  const refused = new RateLimiterMemory({ points: limits.refused, duration: MINUTE_S });
  const nameOf = networkNames();
  return async (c, next) => {
    const network = nameOf(addressOf(c, trustedProxies));
    if (network !== undefined) {
      const count = await refused.get(network);
      if (count !== null && count.consumedPoints >= limits.refused) tooMany(c, count);
    }
    await next();
    if (c.res.status === 401 && network !== undefined) await refused.penalty(network);
  };
}

async function take(c: Context, limiter: RateLimiterMemory, name: string): Promise<void> {
  try {
    await limiter.consume(name);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    tooMany(c, error);
  }
}

function tooMany(c: Context, { msBeforeNext }: RateLimiterRes): never {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  c.header('Retry-After', String(seconds));
  throw new ApiError(429, 'rate-limited', `too many requests: try again in ${seconds} s`);
}

const DAY = 24 * 3_600_000;

/**
 * Names a network by 16 bits of a keyed hash whose key lives in this memory for a day: many networks share a name,
 * none can be computed back from it, and no flood of addresses can make more than 65,536 counters.
 */
export function networkNames(now: () => number = Date.now): (address?: string) => string | undefined {
  let key = randomBytes(32);
  let made = now();
  return (address) => {
    if (address === undefined) return undefined;
    if (now() - made >= DAY) {
      key = randomBytes(32);
      made = now();
    }
    return createHmac('sha256', key).update(networkOf(address)).digest().subarray(0, 2).toString('hex');
  };
}
