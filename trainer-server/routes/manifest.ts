/** `GET /s/:site/manifest.json`: what the site's shoppers run; `/releases/:version/manifest.json`: what they ran. */

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

const PAST: Operation = {
  summary: 'A release that the site published, signed, for looking back: no device takes up an older one',
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

/** One way to write each, so that caches hold one copy. */
const VERSION = /^[1-9]\d{0,8}$/;

export function pastManifestRoute(store: Store): Hono {
  return new Hono().get('/s/:site/releases/:version/manifest.json', describe(PAST), (c) => {
    const site = siteOf(c);
    const version = c.req.param('version');
    const found = VERSION.test(version) ? store.releases.find(site, Number(version)) : undefined;
    if (found === undefined)
      throw new ApiError(404, 'no-release', `site ${site} has no release ${version}`, 'version');
    c.header('Cache-Control', 'public, max-age=31536000, immutable');
    c.header('Content-Type', 'application/json');
    return c.body(found.manifest);
  });
}
