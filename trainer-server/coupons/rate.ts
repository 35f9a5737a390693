/** How fast visits may begin: each can hold a share of a budget, and costs a row. */

import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { networkNames } from '../access/rate-limit.ts';
import type { CouponOptions } from './options.ts';
import { Refusal } from './refusal.ts';

const MINUTE_S = 60;

/**
 * Counts new visits of each network and of the site. In memory and gone within minutes: no address is written down.
 * Several processes allow as many times as much.
 * @throws Refusal `too-many`
 */
export function newSidLimit({
  newSidsPerAddress,
  newSidsPerSite,
}: CouponOptions): (site: string, address: string | undefined) => Promise<void> {
  const networks = new RateLimiterMemory({ points: newSidsPerAddress, duration: MINUTE_S });
  const sites = new RateLimiterMemory({ points: newSidsPerSite, duration: MINUTE_S });
  const nameOf = networkNames();
  return async (site, address) => {
    const network = nameOf(address);
    if (network !== undefined) await take(networks, `${site} ${network}`, 'from this network');
    await take(sites, site, 'of this shop');
  };
}

async function take(limiter: RateLimiterMemory, name: string, whose: string): Promise<void> {
  try {
    await limiter.consume(name);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    throw new Refusal('too-many', `too many new visits ${whose}: try again in a minute`);
  }
}
