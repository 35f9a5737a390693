/** `POST /s/:site/reports`: one randomized bit of an opted-in device. Knows nobody, keeps sums alone. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { BadInput } from '../../shared/errors.ts';
import { REPORT_BYTES, reportSchema } from '../../shared/privacy/report.ts';
import { read } from '../../shared/read.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const OPERATION: Operation = {
  summary: 'One randomized bit of an opted-in device; answered with nothing',
  body: reportSchema,
  answer: v.undefined(),
};

/** Every accepted report is answered alike, with nothing. */
export function reportsRoute(store: Store, now: () => number): Hono {
  return new Hono().post('/s/:site/reports', describe(OPERATION), async (c) => {
    const site = siteOf(c);
    requireSize((await c.req.arrayBuffer()).byteLength);
    const report = read(reportSchema, await jsonBody(c));
    if (store.releases.find(site, report.release) === undefined)
      throw new ApiError(422, 'no-release', `site ${site} has no release ${report.release}`, 'release');
    store.privateReports.add(site, report, now());
    c.header('Cache-Control', 'no-store');
    return c.body(null, 204);
  });
}

/** A body of another length is no device's: it could carry more than a bit. */
function requireSize(bytes: number): void {
  if (bytes !== REPORT_BYTES) throw new BadInput({}, `a body of ${REPORT_BYTES} bytes`, `${bytes} bytes`);
}
