/**
 * The public logs of the recommending bench, each cut as its protocol says (shared data, README), and asked only what
 * nothing was chosen on: relations, decays and the walk were settled on Diginetica's last tenth and on every fourth
 * user of Beauty and invoice of October, so those are left out here.
 */

import { createReadStream, readFileSync } from 'node:fs';
import { createGunzip, gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse';
import { realData } from '../../helpers/real-data.ts';

/** Lines of events.jsonl. */
export interface LoggedEvent {
  visitor: string;
  session?: string;
  ts?: number;
  name: 'view_item' | 'purchase';
  sku?: string;
  items?: { sku: string }[];
}

export interface Question {
  /** Session or user: what one asks is not independent. */
  asker: number;
  history: LoggedEvent[];
  target: string;
}

export interface Log {
  name: 'diginetica' | 'beauty' | 'retail';
  events: LoggedEvent[];
  /** Lines of products.jsonl; none where only ids are known. */
  products: { sku: string; title: string }[];
  questions: Question[];
  /** Ranked, and the cut-off of hit rate and of the second figure. */
  cutoff: number;
  second: 'mrr' | 'ndcg';
  excludeSeen: boolean;
}

const lines = (path: string): string[] =>
  gunzipSync(readFileSync(realData(path)))
    .toString('utf8')
    .trim()
    .split('\n');

const view = (visitor: string, sku: string): LoggedEvent => ({
  visitor,
  session: visitor,
  name: 'view_item',
  sku,
});

/** Sessions in the order of the file: eight tenths are the log, every prefix of every `every`-th of the ninth is asked. */
export function diginetica(every: number): Log {
  const sessions = lines('sessions/diginetica.train.txt.gz').map((line) => line.split(' '));
  const [from, to] = [0.8, 0.9].map((share) => Math.floor(share * sessions.length));
  const log = sessions.slice(0, from);
  const seen = new Set(log.flat());
  const asked = sessions.slice(from, to).filter((_, i) => i % every === 0);
  return {
    name: 'diginetica',
    events: log.flatMap((skus, s) => skus.map((sku) => view(`s${s}`, sku))),
    products: [...new Set(sessions.flat())]
      .filter((sku) => !seen.has(sku))
      .map((sku) => ({ sku, title: '' })),
    questions: asked.flatMap((skus, asker) =>
      skus.slice(1).map((target, i) => ({
        asker,
        history: skus.slice(0, i + 1).map((sku) => view('asked', sku)),
        target,
      })),
    ),
    cutoff: 20,
    second: 'mrr',
    excludeSeen: false,
  };
}

/** Every `every`-th of what nothing was chosen on. */
const fresh = <T>(all: readonly T[], every: number): T[] =>
  all.filter((_, i) => i % 4 !== 0).filter((_, i) => i % every === 0);

/** Each user's last item is asked; what the user has is masked. */
export function beauty(every: number): Log {
  const users = lines('amazon/Beauty.history.txt.gz').map((line) => line.split(' '));
  const purchase = (user: string, sku: string): LoggedEvent => ({
    visitor: user,
    name: 'purchase',
    items: [{ sku }],
  });
  const known = new Set(users.flatMap(([, ...items]) => items.slice(0, -1)));
  return {
    name: 'beauty',
    events: users.flatMap(([user, ...items]) => items.slice(0, -1).map((sku) => purchase(user!, sku))),
    products: users.flatMap((items) => (known.has(items.at(-1)!) ? [] : [{ sku: items.at(-1)!, title: '' }])),
    questions: fresh(users, every).map(([user, ...items], asker) => ({
      asker,
      history: items.slice(0, -1).map((sku) => purchase(user!, sku)),
      target: items.at(-1)!,
    })),
    cutoff: 10,
    second: 'ndcg',
    excludeSeen: true,
  };
}

/** Invoices before October are the log; each October invoice's last line is asked after its other lines. */
export async function retail(every: number): Promise<Log> {
  const invoices = new Map<string, { visitor: string; ts: number; skus: string[] }>();
  const titles = new Map<string, string>();
  const rows: AsyncIterable<Record<string, string>> = createReadStream(
    realData('online_retail/to_2011-10.csv.gz'),
  )
    .pipe(createGunzip())
    .pipe(parse({ columns: true }));
  for await (const row of rows) {
    // Cancellations, bad debts, postage and the like are no products.
    if (!/^\d/.test(row.InvoiceNo!) || !/^\d{5}/.test(row.StockCode!)) continue;
    if (!(Number(row.Quantity) > 0 && Number(row.UnitPrice) > 0)) continue;
    const sku = row.StockCode!.toUpperCase();
    titles.set(sku, row.Description!.trim());
    const ts = Date.parse(`${row.InvoiceDate!.replace(' ', 'T')}Z`);
    const visitor = row.CustomerID === '' ? `i${row.InvoiceNo}` : row.CustomerID!;
    const invoice = invoices.get(row.InvoiceNo!) ?? { visitor, ts, skus: [] };
    invoice.skus.push(sku);
    invoices.set(row.InvoiceNo!, invoice);
  }
  const october = Date.UTC(2011, 9, 1);
  const all = [...invoices].map(([session, { visitor, ts, skus }]): LoggedEvent & { ts: number } => ({
    visitor,
    session,
    ts,
    name: 'purchase',
    items: skus.map((sku) => ({ sku })),
  }));
  const asked = all.filter(({ ts, items }) => ts >= october && items!.length > 1);
  return {
    name: 'retail',
    events: all.filter(({ ts }) => ts < october),
    products: [...titles].map(([sku, title]) => ({ sku, title })),
    questions: fresh(asked, every).map((event, asker) => ({
      asker,
      history: [{ ...event, items: event.items!.slice(0, -1) }],
      target: event.items!.at(-1)!.sku,
    })),
    cutoff: 10,
    second: 'ndcg',
    excludeSeen: true,
  };
}
