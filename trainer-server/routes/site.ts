/** The `:site` of a path. */

import type { Context } from 'hono';
import { SITE_NAME } from '../site-name.ts';
import { ApiError } from './api-error.ts';

/** @throws ApiError 400 where it is no site name */
export function siteOf(c: Context): string {
  const site = c.req.param('site') ?? '';
  if (!SITE_NAME.test(site))
    throw new ApiError(400, 'bad-input', 'expected a site of letters, digits, - and _', 'site');
  return site;
}
