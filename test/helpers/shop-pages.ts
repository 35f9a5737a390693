/** The demo shop as shipped, on a server, with or without a trainer behind it. */

import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { serve } from '@hono/node-server';
import AxeSource from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { promotions } from '../../demo-shop/catalogue/promotions.ts';
import type { shopServer } from '../../demo-shop/serve.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { readPromotions } from '../../shared/promotion.ts';

const ROOT = join(import.meta.dirname, '../..');
export const BUILT = join(ROOT, 'dist/shop');

/** As shipped: inside the test runner's own process Vite would build for development. Once for all test files. */
export async function buildShop(): Promise<void> {
  if (newest(['demo-shop', 'sdk', 'shared', 'trainer-server/client']) < newest(['dist/shop'])) return;
  const made = `${BUILT}-${randomUUID()}`;
  const vite = ['node_modules/vite/bin/vite.js', 'build', '--config', 'demo-shop/vite.config.ts'];
  await promisify(execFile)('node', [...vite, '--outDir', made], {
    cwd: ROOT,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  exchange(made);
}

/** Two test files may build at once, and one of them serve already: the folder changes in a moment. */
function exchange(made: string): void {
  const old = `${made}-old`;
  try {
    if (existsSync(BUILT)) renameSync(BUILT, old);
    renameSync(made, BUILT);
  } catch {
    // The other one was sooner, with the same pages.
    rmSync(made, { recursive: true });
  }
  rmSync(old, { recursive: true, force: true });
}

/** Epoch ms of the file written last; 0 where there is none. */
function newest(folders: readonly string[]): number {
  const files = folders
    .map((folder) => join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile());
  return Math.max(0, ...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

/** The shop's promotions as a release publishes them. */
export const published = (): PublicPromotion[] =>
  readPromotions(promotions(Date.now()), 'EUR').map(({ costPerUse: _, ...promotion }) => promotion);

export const origin = (server: Server, host = '127.0.0.1'): string =>
  `http://${host}:${(server.address() as AddressInfo).port}`;

export function listening(app: ReturnType<typeof shopServer>): Promise<Server> {
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () =>
      resolve(server as Server),
    );
  });
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** Of the page's scripts, its console and its policy. */
  errors: string[];
}

/** A new shopper. @param kept what the shop remembers of them */
export async function enter(
  browser: Browser,
  address: string,
  { locale = 'en-GB', kept = { consented: true } as object, width = 1280 } = {},
): Promise<Visitor> {
  const context = await browser.newContext({ locale, viewport: { width, height: 900 } });
  await context.addInitScript((state) => {
    // Frames begin as documents that may keep nothing.
    if (window === top) localStorage['lantern-lane'] ??= state;
  }, JSON.stringify(kept));
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text()))
      errors.push(message.text());
  });
  await page.goto(address);
  await page.locator('#shop:not([data-written]) main h1').first().waitFor();
  return { context, page, errors };
}

export const textOf = async (page: Page, selector: string): Promise<string> =>
  ((await page.locator(selector).first().textContent()) ?? '').trim();
export const heading = (page: Page): Promise<string> => textOf(page, 'main h1');

const ORDER = {
  ...{ id: 'LL-1', at: Date.UTC(2026, 10, 21), delivery: 0, total: 5400, refunded: false },
  lines: [{ sku: 'MUG-01', quantity: 3, price: 1800, paid: 5400 }],
  ...{ gifts: ['SOP-01'], offers: ['gift-soap'] },
};

/** What the shop remembers of somebody who has been everywhere in it, but for an answer to its note on privacy. */
export const LIVED_IN = {
  cart: [{ sku: 'MUG-01', quantity: 1 }],
  ...{ wishes: ['TGR-01', 'LMP-01'], ratings: { 'MUG-01': 4 }, orders: [ORDER] },
};

export const EVERY_PAGE = [
  '/',
  '/c/garden',
  '/p/LMP-01',
  '/cart',
  '/checkout',
  '/search?q=tea',
  '/privacy',
  '/search?q=xyzzy',
  '/orders',
  '/order/LL-1',
  '/wishes',
  '/qa',
  '/no',
] as const;

/** What axe finds wrong with a page, every impact counted; transitions end first, since a colour half-way has no contrast. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AxeSource.source);
  return page.evaluate(async () => {
    for (const animation of document.getAnimations())
      if (animation instanceof CSSTransition) animation.finish();
    const { axe } = globalThis as unknown as { axe: typeof AxeSource };
    const found = await axe.run({ exclude: ['iframe'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`);
  });
}
