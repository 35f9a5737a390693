/**
 * A live server for bots to attack: `tsx abuse-server.ts DIR on|off`. It prints its address and the shop's token. With
 * the checks off it is what a shop has that believes its browsers: signatures, caps, uniqueness, idempotency and
 * budgets all give way, those of the schema included.
 */

import { setTimeout as pause } from 'node:timers/promises';
import { readPromotion } from '../../shared/promotion.ts';
import { registerShopToken } from '../../trainer-server/access/shop-token.ts';
import { createApp } from '../../trainer-server/app.ts';
import { CONFIG } from '../../trainer-server/config.ts';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { listen } from '../../trainer-server/server.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { ABUSE } from './abuse-plan.ts';

const [dir, switched] = process.argv.slice(2);
const off = switched === 'off';
const store = openStore(dir!);
if (off) {
  store.db.pragma('ignore_check_constraints = ON');
  store.db.exec('drop index coupon_redemption_code; drop index coupon_redemption_order');
}
const coupons = openCoupons(store, {
  // All bots ask from this one machine: what is measured is what stands behind the limits.
  newSidsPerSite: Number.MAX_SAFE_INTEGER,
  claimMs: ABUSE.claimMs,
  ...(off ? { checks: { grants: false, budgets: false, caps: false, once: false } } : {}),
});
const { site, budget, cap, face, vipFace, currency } = ABUSE;
store.transaction(() => coupons.budgets.set(site, 'all', currency, budget, Date.now()));
const coupon = (id: string, minor: number) =>
  readPromotion(
    {
      id,
      type: 'coupon',
      amount: minor / 100,
      minimum: 20,
      exclusive_group: 'basket',
      caps: { per_shopper: cap },
    },
    currency,
  );
coupons.offer(site, coupon('public', face), { budget: 'all' });
// On nobody's menu: for whoever can forge one.
coupons.offer(site, coupon('vip', vipFace), { budget: 'all' });
coupons.experiments.start(site, { arms: [{ id: 'public', share: 1, menu: ['public'] }] }, Date.now());

const config = { ...CONFIG, port: 0, host: '127.0.0.1' };
const log = (text: string): void => void process.stderr.write(`${text}\n`);
const shopToken = registerShopToken(store, Date.now());
const app = createApp({ store, sdk: new Map(), coupons, config, now: Date.now, log });
const server = await listen(app, config);
process.stdout.write(`${JSON.stringify({ url: server.url, shopToken })}\n`);
process.once('SIGTERM', async () => {
  await server.stop();
  // What drainers hold comes back by the clock alone.
  await pause(ABUSE.claimMs);
  while ((await coupons.expire(Date.now())) > 0);
  store.close();
});
