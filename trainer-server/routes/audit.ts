/** `GET /admin/sites/:site/audit`: who changed what, newest first. The command line verifies and exports the whole log. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { requireRole } from '../access/caller.ts';
import { READERS } from '../access/roles.ts';
import type { Store } from '../store/store.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const LATEST = 200;

const OPERATION: Operation = {
  summary: `The latest ${LATEST} rows of the audit log about this site, and the head of its chain`,
  answer: v.object({
    head: v.string(),
    entries: v.array(
      v.object({
        ...{ seq: v.number(), at: v.number(), site: v.string(), who: v.string(), action: v.string() },
        ...{ detail: v.record(v.string(), v.unknown()), previous: v.string(), hash: v.string() },
      }),
    ),
  }),
};

export function auditRoute(store: Store): Hono {
  return new Hono().get('/admin/sites/:site/audit', describe(OPERATION), requireRole(...READERS), (c) => {
    const entries = store.audit.list(siteOf(c), LATEST);
    c.header('Cache-Control', 'no-store');
    return c.json({ head: store.audit.head(), entries });
  });
}
