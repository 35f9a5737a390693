/** `GET /healthz` for the one who restarts us, `GET /metrics` for the one who watches us. */

import { Hono } from 'hono';
import * as v from 'valibot';
import type { SignedManifest } from '../../shared/manifest.ts';
import { isInside } from '../access/inside.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { describe, type Operation } from './operation.ts';

/** Answers sent since the start, by status. */
export type RequestCounts = Map<number, number>;

const HEALTH: Operation = {
  summary: 'Whether the server can write, and which sites it serves',
  answer: v.object({ status: v.literal('ok'), sites: v.array(v.string()) }),
};
const METRICS: Operation = {
  summary: 'Counters and gauges in the text format of Prometheus',
  answer: 'text/plain',
};

export function healthRoute(store: Store, counts: RequestCounts, now: () => number): Hono {
  return new Hono()
    .get('/healthz', describe(HEALTH), (c) => {
      if (!store.healthy()) throw new ApiError(503, 'storage', 'the database does not answer');
      c.header('Cache-Control', 'no-store');
      return c.json({ status: 'ok', sites: store.releases.sites() });
    })
    .get('/metrics', describe(METRICS), (c) => {
      c.header('Cache-Control', 'no-store');
      c.header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8');
      return c.body(metrics(store, counts, now(), (site) => isInside(c, site)));
    });
}

/**
 * Prometheus text format 0.0.4.
 * @param sees whether who asks may know a site's business: how many orders it has is nobody else's
 */
function metrics(store: Store, counts: RequestCounts, now: number, sees: (site: string) => boolean): string {
  const lines = ['# TYPE promo_edge_responses_total counter'];
  for (const [status, n] of counts) lines.push(`promo_edge_responses_total{status="${status}"} ${n}`);
  lines.push('# TYPE promo_edge_release_version gauge', '# TYPE promo_edge_release_expires_seconds gauge');
  lines.push('# TYPE promo_edge_trajectories gauge', '# TYPE promo_edge_orders gauge');
  for (const site of store.releases.sites()) {
    const running = store.releases.running(site)!;
    const { expires } = (JSON.parse(running.manifest) as SignedManifest).signed;
    lines.push(
      `promo_edge_release_version{site="${site}"} ${running.version}`,
      `promo_edge_release_expires_seconds{site="${site}"} ${Math.round((expires - now) / 1000)}`,
    );
    if (!sees(site)) continue;
    lines.push(
      `promo_edge_trajectories{site="${site}"} ${store.trajectories.count(site)}`,
      `promo_edge_orders{site="${site}"} ${store.orders.count(site)}`,
    );
  }
  return `${lines.join('\n')}\n`;
}
