/** The `:site` of a path. */

import type { Context } from 'hono';
import { ApiError } from './api-error.ts';

const SITE = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** @throws ApiError 400 where it is no site name */
export function siteOf(c: Context): string {
  const site = c.req.param('site') ?? '';
  if (!SITE.test(site)) throw new ApiError(400, 'bad-input', 'expected a site of a-z, 0-9 and -', 'site');
  return site;
}
