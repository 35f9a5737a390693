/** Who may see a shop's business where the page itself is everyone's. */

import type { Context } from 'hono';
import { isAtThisMachine } from './address.ts';
import { READERS } from './roles.ts';

/** A person with a token for the site, or somebody at the server's own machine; nobody who comes over the network without one. */
export function isInside(c: Context, site: string): boolean {
  const caller = c.get('caller');
  if (READERS.some((role) => role === caller.role)) return caller.site === undefined || caller.site === site;
  return isAtThisMachine(c);
}
