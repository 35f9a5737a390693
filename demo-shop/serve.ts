/** Serves the built shop: `tsx demo-shop/serve.ts --port 5173`. Builds it first where there is no build. */

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { type Client, createClient } from '../trainer-server/client/index.ts';
import { checkoutRoute, type Till } from './checkout.ts';
import { contentSecurityPolicy, type Embed, embedFrom, withEmbed } from './embed.ts';

const BUILT = join(import.meta.dirname, '..', 'dist', 'shop');

/** The shop's slots reserve their height, so waiting for a first visit's release moves nothing. */
const SLOT_TIMEOUT_MS = 1500;

/**
 * @param root the built shop's folder
 * @param till where orders are taken; the pages alone where absent
 */
export function shopServer(root: string, embed: Embed | undefined, till?: Till): Hono {
  const app = new Hono();
  const policy = contentSecurityPolicy(embed);
  app.use(compress());
  app.use(async (context, next) => {
    await next();
    const hashed = context.req.path.startsWith('/assets/');
    context.header('Cache-Control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    context.header('X-Content-Type-Options', 'nosniff');
    context.header('Referrer-Policy', 'strict-origin');
  });
  if (till !== undefined) app.route('/', checkoutRoute(till));
  const page = async (): Promise<string> =>
    withEmbed(await readFile(join(root, 'index.html'), 'utf8'), embed);
  const files = serveStatic({ root: relative(process.cwd(), root) || '.' });
  app.get('*', async (context, next) => {
    const isFile = /\.[a-z0-9]+$/.test(context.req.path) && context.req.path !== '/index.html';
    if (isFile) return files(context, next);
    // Every other address is one of the shop's pages: its router reads it.
    return context.html(await page(), 200, { 'Content-Security-Policy': policy });
  });
  return app;
}

/** Of the trainer that the pages use; `PROMO_EDGE_SHOP_TOKEN` is the secret that lets this server redeem. */
function clientFrom(env: Record<string, string | undefined>): Client | undefined {
  const { PROMO_EDGE_ENDPOINT: endpoint = 'http://localhost:8787', PROMO_EDGE_SITE: site = 'demo' } = env;
  const token = env.PROMO_EDGE_SHOP_TOKEN;
  return token === undefined || token === '' ? undefined : createClient({ endpoint, site, token });
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { port: { type: 'string', default: '5173' } } });
  if (!existsSync(join(BUILT, 'index.html'))) {
    const { build } = await import('vite');
    await build({ configFile: join(import.meta.dirname, 'vite.config.ts'), logLevel: 'warn' });
  }
  const found = embedFrom(process.env);
  const embed = found && { ...found, timeout: SLOT_TIMEOUT_MS };
  const till = { client: clientFrom(process.env), now: Date.now };
  const server = serve({ fetch: shopServer(BUILT, embed, till).fetch, port: Number(values.port) });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => server.close());
}

if (process.argv[1]?.endsWith('serve.ts')) await main();
