/** `GET /s/:site/manifest.json`: what the site's shoppers run. */

import { Hono } from 'hono';
import { signedManifestSchema } from '../../shared/manifest.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const OPERATION: Operation = {
  summary: 'The release that the site runs, signed',
  answer: signedManifestSchema,
};

/**
 * The only document that changes, so it is never stored, and it carries no validator: an ETag that a server may
 * choose per device is a cookie.
 */
export function manifestRoute(store: Store): Hono {
  return new Hono().get('/s/:site/manifest.json', describe(OPERATION), (c) => {
    const site = siteOf(c);
    const running = store.releases.running(site);
    if (running === undefined)
      throw new ApiError(404, 'no-release', `site ${site} has no release yet`, 'site');
    c.header('Cache-Control', 'no-store');
    c.header('Content-Type', 'application/json');
    return c.body(running.manifest);
  });
}
