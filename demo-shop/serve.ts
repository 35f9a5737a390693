/** Serves the built shop: `tsx demo-shop/serve.ts --port 5173`. Builds it first where there is no build. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type HonoRequest } from 'hono';
import { compress } from 'hono/compress';
import { type Client, createClient } from '../trainer-server/client/index.ts';
import { checkoutRoute, type Till } from './checkout.ts';
import { contentSecurityPolicy, type Embed, embedFrom, type Frames, withEmbed } from './embed.ts';
import { type OrderBook, openOrderBook } from './order-book.ts';
import { Loop } from './qa/loop.ts';
import { type QaParts, qaRoute } from './qa/route.ts';
import { OUTCOME_MS, seatOf } from './qa/seat.ts';
import { type Catalogue, readCatalogue } from './shop/catalogue.ts';
import { EARLY_SOURCE } from './written/early.ts';
import { withStyle } from './written/own-style.ts';
import { writtenPage } from './written/written-page.ts';

const BUILT = join(import.meta.dirname, '..', 'dist', 'shop');

/** The shop's slots reserve their height, so waiting for a first visit's release moves nothing. */
const SLOT_TIMEOUT_MS = 1500;

/**
 * @param root the built shop's folder
 * @param till where orders are taken; the pages alone where absent
 * @param qa where the loop may be watched and turned, at `/qa`; nowhere where absent
 */
export function shopServer(root: string, embed: Embed | undefined, till?: Till, qa?: QaParts): Hono {
  const app = new Hono();
  app.use(compress());
  app.use(async (context, next) => {
    await next();
    context.header('Cache-Control', cachingOf(context.req.path));
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'strict-origin');
  });
  if (till !== undefined) app.route('/', checkoutRoute(till));
  if (qa !== undefined) app.route('/', qaRoute(qa));
  const page = pageWriter(root, embed, qa !== undefined);
  const files = serveStatic({ root: relative(process.cwd(), root) || '.', precompressed: true });
  app.get('*', async (context, next) => {
    const isFile = /\.[a-z0-9]+$/.test(context.req.path) && context.req.path !== '/index.html';
    if (isFile) return files(context, next);
    // Every other address is one of the shop's pages.
    const { text, status, policy } = await page(context.req);
    context.header('Vary', 'Accept-Language', { append: true });
    return context.html(text, status, { 'Content-Security-Policy': policy });
  });
  return app;
}

/** @param watches whether the loop may be watched here: new releases are then looked for every few seconds */
function pageWriter(root: string, embed: Embed | undefined, watches: boolean) {
  const catalogue = keptCatalogue(join(root, 'data', 'catalogue.json'));
  return async (request: Pick<HonoRequest, 'header' | 'url'>) => {
    const host = request.header('host');
    const built = await withStyle(await readFile(join(root, 'index.html'), 'utf8'), (address) =>
      readFile(join(root, address), 'utf8'),
    );
    const own = { script: EARLY_SOURCE, ...(built.source && { style: built.source }) };
    const policy = contentSecurityPolicy(embed, watches ? framesOf(host) : {}, own);
    const frame = withEmbed(built.page, watches && embed ? watched(embed, host) : embed);
    const held = await catalogue();
    if (held === undefined) return { text: frame, status: 200, policy } as const;
    const { pathname, search } = new URL(request.url);
    const acceptLanguage = request.header('accept-language');
    return { ...writtenPage(frame, held, { pathname, search, acceptLanguage }, Date.now), policy };
  };
}

/** Read once. @returns undefined where there is none to read: the page's own script then says so */
function keptCatalogue(path: string): () => Promise<Catalogue | undefined> {
  let kept: Catalogue | undefined;
  return async () => {
    kept ??= await readFile(path, 'utf8')
      .then(readCatalogue)
      .catch(() => undefined);
    return kept;
  };
}

/** Assets are named by their hash; pictures are drawn anew with each build, but change seldom. */
function cachingOf(path: string): string {
  if (path.startsWith('/assets/')) return 'public, max-age=31536000, immutable';
  return path.startsWith('/pictures/') ? 'public, max-age=3600' : 'no-cache';
}

/** Where somebody watches, a new release should not take five minutes to be seen, nor an outcome half an hour. */
const WATCHED = { pollMs: 4000, reportMs: 2000 };

function watched(embed: Embed, host: string | undefined): Embed {
  const seat = seatOf(host);
  return { ...embed, clocks: { ...WATCHED, ...(seat === undefined ? {} : { outcomeMs: OUTCOME_MS[seat] }) } };
}

/** Seats may be framed by this machine's own page, and it may frame nothing else. */
function framesOf(host = ''): Frames {
  const port = /:\d+$/.exec(host)?.[0] ?? '';
  return seatOf(host) === undefined
    ? { src: `http://*.localhost${port}` }
    : { ancestors: `http://localhost${port}` };
}

/** Of the trainer that the pages use; `PROMO_EDGE_SHOP_TOKEN` is the secret that lets this server redeem. */
function clientFrom(env: Record<string, string | undefined>): Client | undefined {
  const { PROMO_EDGE_ENDPOINT: endpoint = 'http://localhost:8787', PROMO_EDGE_SITE: site = 'demo' } = env;
  const token = env.PROMO_EDGE_SHOP_TOKEN;
  return token === undefined || token === '' ? undefined : createClient({ endpoint, site, token });
}

/** `PROMO_EDGE_HOME` is the folder of catalogue, bundle and database, as `npm start` makes it. */
function qaFrom(
  env: Record<string, string | undefined>,
  client: Client,
  { endpoint, siteKey: site }: Embed,
): QaParts | undefined {
  const home = env.PROMO_EDGE_HOME;
  if (home === undefined || home === '') return undefined;
  const at = (name: string): string => join(home, name);
  const folders = { catalogue: at('catalogue'), bundle: at('bundle'), db: at('db'), rounds: at('rounds') };
  return { loop: new Loop(folders, site, Date.now), client, endpoint, site };
}

/** Beside the trainer's data, where `npm start` keeps all of this shop. */
function bookFrom({ PROMO_EDGE_HOME: home = '' }: Record<string, string | undefined>): OrderBook {
  return openOrderBook(home === '' ? undefined : join(home, 'shop-orders.jsonl'));
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } });
  if (!existsSync(join(BUILT, 'index.html'))) {
    const { build } = await import('vite');
    await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
  }
  const found = embedFrom(process.env);
  const embed = found && { ...found, timeout: SLOT_TIMEOUT_MS };
  const client = clientFrom(process.env);
  const till = { client, now: Date.now, book: bookFrom(process.env) };
  const qa = client && found && qaFrom(process.env, client, found);
  await qa?.loop.takeUp();
  const server = serve({ fetch: shopServer(BUILT, embed, till, qa).fetch, port: Number(values.port) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

if (process.argv[1]?.endsWith('serve.ts')) await main();
