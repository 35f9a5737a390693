/** `GET /`: what runs, what was measured when it was let out, what came back; and, for the shop alone, its business. */

import { Hono } from 'hono';
import { html } from 'hono/html';
import type { Manifest, SignedManifest } from '../../shared/manifest.ts';
import { isInside } from '../access/inside.ts';
import type { BudgetReport, Budgets } from '../coupons/budgets.ts';
import { judgeCanary } from '../feedback/judge-canary.ts';
import { canaryVersions } from '../release/canary-versions.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import { describe, type Operation } from './operation.ts';
import { type Html, page, table, time } from './page.ts';
import { insideOf } from './status-inside.ts';

const OPERATION: Operation = { summary: 'What runs, for people', answer: 'text/html' };

export function statusPageRoute(store: Store, budgets: Budgets, now: () => number): Hono {
  return new Hono().get('/', describe(OPERATION), (c) => {
    const sections = store.releases
      .sites()
      .map((site) => siteSection(store, site, now(), isInside(c, site) ? budgets.report(site) : undefined));
    const body = sections.length > 0 ? sections : NO_RELEASE;
    return page(c, 'Promo Edge', html`${body}<p><a href="/docs">API</a></p>`);
  });
}

const NO_RELEASE = html`<p>No release yet: <code>promo-edge publish</code> makes one.</p>`;

function siteSection(
  store: Store,
  site: string,
  now: number,
  budgets: readonly BudgetReport[] | undefined,
): Html {
  const running = store.releases.running(site)!;
  const { signed } = JSON.parse(running.manifest) as SignedManifest;
  return html`<section><h2>Site ${site}</h2>
<table>
<tr><th scope="row">Running</th><td>release ${running.version}, published ${time(running.published)}${signed.mode === 'off' ? ', switched off' : ''}</td></tr>
<tr><th scope="row">Expires</th><td>${time(signed.expires)}${signed.expires < now ? ': expired, devices show the default promotion' : ''}</td></tr>
<tr><th scope="row">Taken by</th><td>${takenBy(signed)}</td></tr>
<tr><th scope="row">Root</th><td>${rootText(store, site, now)}</td></tr>
<tr><th scope="row">Trained parts</th><td>${signed.parts.join(', ') || 'none'}</td></tr>
<tr><th scope="row">Verdict</th><td>${verdictText(signed, running)}</td></tr>
<tr><th scope="row">Parity of forms</th><td>${pairs(signed.parity)}</td></tr>
<tr><th scope="row">Files</th><td>${signed.files.length}: ${bytesOf(signed, 'first')} before the first decision, ${bytesOf(signed, 'idle')} later (unpacked)</td></tr>
<tr><th scope="row">Feedback</th><td>${store.trajectories.count(site)} consented trajectories, ${store.orders.count(site)} orders reported by the shop</td></tr>
${privateReports(store, site)}
</table>
${budgets === undefined ? '' : insideOf(store, budgets, site)}
<h3>Releases</h3>
${table('Releases', ['Version', 'Published', 'Verdict'], store.releases.list(site, 20).map(releaseRow))}</section>`;
}

/** The newest candidate that devices reported on. */
function privateReports(store: Store, site: string): Html | string {
  const [newest] = store.privateReports.releases(site);
  const release = newest === undefined ? undefined : store.releases.find(site, newest);
  const judged = release && judgeCanary(store, site, canaryVersions(store.releases, release).versions);
  if (judged === undefined) return '';
  const arms = Object.entries(judged.arms).map(
    ([arm, { value, low, high, reports }]) =>
      `${arm} ${round(value)} (95 % interval ${round(low)} to ${round(high)}, ${reports} reports)`,
  );
  return html`<tr><th scope="row">Private reports</th><td>on release ${judged.release}: ${arms.join('; ')}. ${judged.verdict}: ${judged.reason}</td></tr>`;
}

function takenBy({ canaryShare, stable }: Manifest): string {
  if (canaryShare >= 1) return 'every device';
  const others =
    stable === undefined ? 'the others have no release' : `the others run release ${stable.version}`;
  return `${Math.round(canaryShare * 100)} % of devices; ${others}`;
}

function rootText(store: Store, site: string, now: number): Html | string {
  const root = store.roots.current(site)?.signed;
  if (root === undefined) return 'none: pages pin the release key';
  const over = root.expires < now ? ': expired, devices show the default promotion' : '';
  return html`${root.version}, until ${time(root.expires)}${over}`;
}

function releaseRow(release: Release): Html {
  const { signed } = JSON.parse(release.manifest) as SignedManifest;
  const origin = release.republishes === undefined ? '' : ` (files of ${release.republishes})`;
  return html`<td>${release.version}${origin}${signed.mode === 'off' ? ', off' : ''}</td><td>${time(release.published)}</td><td>${verdictText(signed, release)}</td>`;
}

function verdictText({ verdict }: Manifest, { forced }: Release): string {
  const overruled = forced === undefined ? '' : `. Published all the same: ${forced}`;
  if (verdict === undefined) return `not judged${overruled}`;
  const { shipped, against, value, low, high, reasons } = verdict;
  const figure =
    value === undefined
      ? ''
      : `: ${round(value)} a decision${low === undefined || high === undefined ? '' : `, 95 % interval ${round(low)} to ${round(high)}`}`;
  return `${shipped ? 'let out' : 'refused'} against ${against}${figure}. ${reasons.join('; ')}${overruled}`;
}

const round = (value: number): string => String(Number(value.toPrecision(4)));
const pairs = (figures: Record<string, number>): string =>
  Object.entries(figures)
    .map(([name, value]) => `${name} ${round(value)}`)
    .join(', ') || 'not measured';

function bytesOf(manifest: Manifest, group: string): string {
  const bytes = manifest.files
    .filter((file) => file.group === group)
    .reduce((sum, file) => sum + file.bytes, 0);
  return `${(bytes / 1000).toFixed(0)} kB`;
}
