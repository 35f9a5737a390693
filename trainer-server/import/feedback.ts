/** The server's own log as a source: consented trajectories and reported orders of a site. */

import { basename, dirname } from 'node:path';
import type { FirstMeta } from '../../shared/bundle.ts';
import { BadInput } from '../../shared/errors.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import type { SignedManifest } from '../../shared/manifest.ts';
import { decisionRow, eventRows, orderRow } from '../feedback/to-dataset.ts';
import type { ReportedOrder } from '../routes/orders.ts';
import { DATABASE_FILE } from '../store/database.ts';
import { openStore, type Store } from '../store/store.ts';
import type { ImportContext, Importer, SourceFile } from './importer.ts';

export const feedback: Importer = {
  format: 'feedback',
  summary: `what came back to the server: FILE is DB/${DATABASE_FILE}, --site names the site`,
  async run(files, context) {
    for (const file of files) importDatabase(file, context);
  },
};

function importDatabase(file: SourceFile, context: ImportContext): void {
  if (basename(file.path) !== DATABASE_FILE) {
    throw new BadInput(
      { file: file.path },
      `the database of promo-edge serve, ${DATABASE_FILE}`,
      basename(file.path),
    );
  }
  const store = openStore(dirname(file.path));
  try {
    const site = siteOf(store, context);
    const facts = shopOf(store, site);
    context.sink.shop(facts, { file: file.path });
    const trajectories = readTrajectories(store, site, facts.currency, file, context);
    const orders = readOrders(store, site, file, context);
    context.report.files.push({ file: file.path, bytes: file.bytes, rows: trajectories + orders });
  } finally {
    store.close();
  }
}

function siteOf(store: Store, { site }: ImportContext): string {
  const sites = store.releases.sites();
  const chosen = site ?? (sites.length === 1 ? sites[0] : undefined);
  if (chosen !== undefined && sites.includes(chosen)) return chosen;
  throw new BadInput(
    { field: '--site' },
    `one of ${sites.join(', ') || 'the sites with a release: none yet'}`,
    site ?? 'nothing',
  );
}

/** Amounts are in the currency of the release that the devices ran. */
function shopOf(store: Store, site: string): { currency: string; locale: string } {
  const { signed } = JSON.parse(store.releases.running(site)!.manifest) as SignedManifest;
  const file = signed.files.find((entry) => entry.role === 'first-meta');
  const bytes = file && store.releases.file(file.sha256)?.bytes;
  if (bytes === undefined)
    throw new BadInput({ field: '--site' }, 'a release with first.json', `${site}, without`);
  const { shop } = JSON.parse(new TextDecoder().decode(bytes)) as FirstMeta;
  return { currency: shop.currency, locale: shop.locale };
}

function readTrajectories(
  store: Store,
  site: string,
  currency: string,
  file: SourceFile,
  { sink, report, signal }: ImportContext,
): number {
  let rows = 0;
  let unseen = 0;
  for (const { body } of store.trajectories.lines(site)) {
    signal.throwIfAborted();
    const trajectory = JSON.parse(body) as Trajectory;
    rows++;
    for (const row of eventRows(trajectory, currency)) sink.add('event', row, { file: file.path });
    // What was never seen caused nothing: as a decision it would dilute every effect.
    if (trajectory.exposed) sink.add('decision', decisionRow(trajectory), { file: file.path });
    else unseen++;
  }
  report.stages.push({
    stage: 'trajectories to decisions',
    unit: 'rows',
    in: rows,
    out: rows - unseen,
    removed: { 'never seen, events kept': unseen },
  });
  return rows;
}

function readOrders(store: Store, site: string, file: SourceFile, { sink, report }: ImportContext): number {
  let rows = 0;
  for (const { body } of store.orders.lines(site)) {
    sink.add('event', orderRow(JSON.parse(body) as ReportedOrder), { file: file.path });
    rows++;
  }
  report.stages.push({ stage: 'orders to events', unit: 'rows', in: rows, out: rows, removed: {} });
  return rows;
}
