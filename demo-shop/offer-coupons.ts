/**
 * Offers the shop's coupons, as its marketer would: `tsx demo-shop/offer-coupons.ts --db DIR --endpoint URL`. A budget, and
 * every coupon of the catalogue to be paid out of it. Run again it changes nothing.
 */

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { promotions } from './catalogue/promotions.ts';

/** Minor units: what the shop is ready to give away in coupons. */
const BUDGET = { id: 'coupons', currency: 'EUR', total: 200_000 };
/** Of the token that writes them: minutes are enough. */
const TOKEN_DAYS = '0.02';

const CLI = join(import.meta.dirname, '..', 'dist', 'cli.js');

const { values } = parseArgs({
  options: {
    db: { type: 'string', default: '.promo-edge/db' },
    endpoint: { type: 'string', default: 'http://localhost:8787' },
    site: { type: 'string', default: 'demo' },
  },
});

const token = await marketerToken();
const { coupons } = await admin<{ coupons: { id: string }[] }>('GET', 'coupons');
const wanted = promotions(Date.now()).filter(({ type }) => type === 'coupon');
const missing = wanted.filter(({ id }) => coupons.every((live) => live.id !== id));
if (missing.length > 0) {
  await admin('PUT', `budgets/${BUDGET.id}`, { currency: BUDGET.currency, total: BUDGET.total });
  for (const promotion of missing)
    await admin('PUT', `coupons/${promotion.id}`, { budget: BUDGET.id, promotion });
}
process.stdout.write(`Coupons that can be claimed: ${wanted.map(({ id }) => id).join(', ')}\n`);

async function marketerToken(): Promise<string> {
  const order = ['tokens', 'create', '--role', 'marketer', '--owner', 'demo-shop', '--expires', TOKEN_DAYS];
  const { stdout } = await promisify(execFile)('node', [CLI, ...order, '--db', values.db]);
  return stdout.trim();
}

/** @throws where the trainer refuses, with its words */
async function admin<T>(method: 'GET' | 'PUT', path: string, body?: object): Promise<T> {
  const response = await fetch(`${values.endpoint}/admin/sites/${values.site}/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
