/** `coupons`: balances, pools of codes for hosted checkouts, and what experiments with menus taught. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { toMajor } from '../../shared/money.ts';
import { type Coupons, openCoupons } from '../coupons/coupons.ts';
import { experimentDecisions } from '../coupons/evidence.ts';
import { codesFromCsv, codesToCsv } from '../coupons/hosted/code-csv.ts';
import type { HostedCheckout } from '../coupons/hosted/hosted-checkout.ts';
import { shopify } from '../coupons/hosted/shopify.ts';
import { wooCommerce } from '../coupons/hosted/woocommerce.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Command, Io, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, needed, numberOption, siteOption } from './options.ts';
import { preview, previews } from './previews.ts';

const HELP = `
promo-edge coupons budgets  --db DIR [--site demo]
promo-edge coupons codes    --db DIR [--site demo] --promotion ID --count N
promo-edge coupons import   --db DIR [--site demo] --promotion ID --file CODES.csv
promo-edge coupons push     --db DIR [--site demo] --promotion ID --to shopify|woocommerce --shop https://...
promo-edge coupons preview  --db DIR [--site demo] --file PROMOTIONS.json --promotion ID --slot cart --shop https://...
                            [--hours 24] [--currency EUR]
promo-edge coupons previews --db DIR [--site demo] [--revoke ID]
promo-edge coupons evidence --db DIR [--site demo] --currency EUR --out DIR2

budgets   a line each: what is free, reserved and spent, and the worst case; exit 1 where the books do not balance
codes     makes N codes for a checkout that knows nothing of us, and prints the pool as CSV; claims are given from it
import    puts codes that another shop system made into the pool
push      creates the pool's codes in a hosted checkout, each good for one order. The secret is read from the
          environment: PROMO_EDGE_SHOP_TOKEN, a Shopify Admin token or WooCommerce's key:secret
preview   prints a link under which the shop shows this draft in one slot, for that long and to whom the link is given;
          it cannot be claimed, spends nothing and is not logged
previews  a line for each link that can still be opened; --revoke takes one back, at once and for good
evidence  writes DIR2/decisions.jsonl: each visit that an experiment drew, its arm, propensity and reward by the
          orders that were reported with its sid. promo-edge evaluate --data DIR2 --target FILE reads it
`;

type Verb = (coupons: Coupons, store: Store, values: OptionValues, io: Io) => number | Promise<number>;

const VERBS: Readonly<Record<string, Verb>> = {
  budgets,
  codes,
  import: importCodes,
  push,
  preview,
  previews,
  evidence,
};

export const command: Command = {
  name: 'coupons',
  summary: 'budgets and their worst case, code pools, previews, evidence of experiments',
  help: HELP,
  options: {
    ...DB_OPTIONS,
    site: { type: 'string' },
    promotion: { type: 'string' },
    count: { type: 'string' },
    file: { type: 'string' },
    to: { type: 'string' },
    slot: { type: 'string' },
    hours: { type: 'string' },
    revoke: { type: 'string' },
    shop: { type: 'string' },
    currency: { type: 'string' },
    out: { type: 'string' },
  },
  async run(values, [name = ''], io) {
    const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
    if (verb === undefined) throw new BadInput({}, Object.keys(VERBS).join(', '), name || 'nothing');
    const store = openStore(dbOption(values));
    try {
      return await verb(openCoupons(store), store, values, io);
    } finally {
      store.close();
    }
  },
};

function budgets(coupons: Coupons, _store: Store, values: OptionValues, io: Io): number {
  const site = siteOption(values);
  for (const { id, currency, total, free, reserved, spent, worstCase, openClaims } of coupons.budgets.report(
    site,
  )) {
    const major = (amount: number): number => toMajor(amount, currency);
    const money = { total: major(total), free: major(free), reserved: major(reserved), spent: major(spent) };
    io.out(
      JSON.stringify({
        budget: id,
        currency,
        ...money,
        worst_case: major(worstCase),
        open_claims: openClaims,
      }),
    );
  }
  const wrong = coupons.ledger.imbalances();
  for (const { budget, account, balance, rows } of wrong)
    io.progress.say(`budget ${budget}: ${account} holds ${balance}, its rows add up to ${rows}`);
  return wrong.length === 0 ? 0 : 1;
}

function codes(coupons: Coupons, store: Store, values: OptionValues, io: Io): number {
  const [site, promotion] = [siteOption(values), promotionOption(coupons, values)];
  const count = numberOption(values, 'count', { fallback: 100, min: 1, max: 100_000, integer: true });
  store.transaction(() => coupons.codes.addToPool(site, promotion, coupons.codes.make(count)));
  for (const line of codesToCsv(coupons.codes.pool(site, promotion))) io.out(line);
  return 0;
}

function importCodes(coupons: Coupons, store: Store, values: OptionValues, io: Io): number {
  const [site, promotion] = [siteOption(values), promotionOption(coupons, values)];
  const given = codesFromCsv(readFileSync(needed(values, 'file', 'a file of codes'), 'utf8'));
  const added = store.transaction(() => coupons.codes.addToPool(site, promotion, given));
  io.progress.say(`${added} codes added, ${given.length - added} were there already`);
  return 0;
}

async function push(coupons: Coupons, _store: Store, values: OptionValues, io: Io): Promise<number> {
  const [site, id] = [siteOption(values), promotionOption(coupons, values)];
  const { promotion, currency } = coupons.promotions.live(site, id)!;
  const pool = coupons.codes.pool(site, id);
  const added = await hostedOption(values, io).publish({ promotion, currency, codes: pool });
  io.progress.say(`${added} of ${pool.length} codes created, the others were there already`);
  return 0;
}

/** @throws BadInput */
function hostedOption(values: OptionValues, { env, now }: Io): HostedCheckout {
  const shop = new URL(needed(values, 'shop', 'the address of the shop')).origin;
  const secret = env.PROMO_EDGE_SHOP_TOKEN ?? '';
  if (secret === '') throw new BadInput({ field: 'PROMO_EDGE_SHOP_TOKEN' }, "the shop's secret", 'nothing');
  if (values.to === 'shopify') return shopify({ shop, token: secret, starts: now() });
  const [key = '', rest] = secret.split(':');
  if (values.to !== 'woocommerce')
    throw new BadInput({ field: '--to' }, 'shopify or woocommerce', String(values.to));
  if (rest === undefined) throw new BadInput({ field: 'PROMO_EDGE_SHOP_TOKEN' }, 'key:secret', 'one word');
  return wooCommerce({ shop, key, secret: rest });
}

function evidence(_coupons: Coupons, store: Store, values: OptionValues, io: Io): number {
  const currency = needed(values, 'currency', 'an ISO 4217 currency').toUpperCase();
  const out = needed(values, 'out', 'a folder to write to');
  mkdirSync(out, { recursive: true });
  const found = experimentDecisions(store.db, store.orders, siteOption(values), { currency, now: io.now() });
  const lines = [...found].map((line) => `${JSON.stringify(line)}\n`);
  writeFileSync(join(out, 'decisions.jsonl'), lines.join(''));
  writeFileSync(join(out, 'shop.json'), `${JSON.stringify({ currency })}\n`);
  io.progress.say(`${lines.length} visits of experiments in ${out}`);
  return 0;
}

/** @throws BadInput where nobody offers it */
function promotionOption(coupons: Coupons, values: OptionValues): string {
  const id = needed(values, 'promotion', 'the id of a promotion');
  if (coupons.promotions.live(siteOption(values), id) !== undefined) return id;
  throw new BadInput({ field: '--promotion' }, 'a promotion that can be claimed', id);
}
