/** Where a request comes from, as far as it can be known; used for counting and never written down. */

import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context } from 'hono';

/**
 * @param trustedProxies reverse proxies of ours in front, each of which appends the address it saw to
 *   X-Forwarded-For; what stands left of those entries is the caller's own invention
 * @returns nothing where the request comes from this very machine and no proxy is declared: behind an undeclared
 *   one every shopper would seem to be one caller
 */
export function addressOf(c: Context, trustedProxies: number): string | undefined {
  if (trustedProxies > 0) {
    const seen = (c.req.header('X-Forwarded-For') ?? '').split(',').map((entry) => entry.trim());
    const address = seen.at(-trustedProxies);
    if (address !== undefined && address !== '') return address;
  }
  const address = socketAddress(c);
  return address === undefined || isLoopback(address) ? undefined : address;
}

/**
 * Somebody at the server's own machine asks for it by a name of that machine. A proxy in front passes on the public
 * name; so does a page that points a name of its own at this address (DNS rebinding).
 */
export function isAtThisMachine(c: Context): boolean {
  const name = (c.req.header('Host') ?? '').replace(/:\d+$/, '');
  return ['localhost', '127.0.0.1', '[::1]'].includes(name) && isLoopback(socketAddress(c) ?? '');
}

/** Nothing where no socket is behind the request, as in app.request(). */
function socketAddress(c: Context): string | undefined {
  return (c.env as { incoming?: unknown } | undefined)?.incoming === undefined
    ? undefined
    : getConnInfo(c).remote.address;
}

const isLoopback = (address: string): boolean => /^(::1$|(::ffff:)?127\.)/i.test(address);

/** A household has one IPv4 address, or a /64 of IPv6 from which it can draw as many as it likes. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}
