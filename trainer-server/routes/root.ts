/** `GET /s/:site/root/N.json`: the root documents, by which a device that was away for long catches up. */

import { Hono } from 'hono';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const OPERATION: Operation = {
  summary: 'A root document, N.json: which keys may sign releases',
  answer: 'application/json',
};

const DOCUMENT = /^([1-9][0-9]{0,8})\.json$/;

export function rootRoute(store: Store): Hono {
  return new Hono().get('/s/:site/root/:document', describe(OPERATION), (c) => {
    const site = siteOf(c);
    const version = DOCUMENT.exec(c.req.param('document'))?.[1];
    const text = version === undefined ? undefined : store.roots.text(site, Number(version));
    if (text === undefined) throw new ApiError(404, 'not-found', `site ${site} has no such root`, 'document');
    c.header('Cache-Control', 'public, max-age=86400, immutable');
    c.header('Content-Type', 'application/json');
    return c.body(text);
  });
}
