/** The demo shop with a trainer behind it: a release for its products, a coupon with a budget, a loop that turns in a moment. */

import type { Server } from 'node:http';
import { join } from 'node:path';
import { catalogue } from '../../demo-shop/catalogue/catalogue.ts';
import { promotions } from '../../demo-shop/catalogue/promotions.ts';
import { Loop } from '../../demo-shop/qa/loop.ts';
import { shopServer } from '../../demo-shop/serve.ts';
import { buildSdk } from '../../sdk/build.ts';
import { readPromotions } from '../../shared/promotion.ts';
import { createClient } from '../../trainer-server/client/index.ts';
import { type Coupons, openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import type { Store } from '../../trainer-server/store/store.ts';
import type { Fixture } from './bundle-fixture.ts';
import { storeWithFixture } from './device.ts';
import { loopFolders, quickRound } from './quick-round.ts';
import { NOW, SHOP_TOKEN, serveStore } from './served.ts';
import { BUILT, buildShop, listening, published } from './shop-pages.ts';

export interface ShopBehindTrainer {
  store: Store;
  fixture: Fixture;
  coupons: Coupons;
  shop: Server;
  /** What the page `/qa` had the command line do. */
  commands: string[][];
  stop(): Promise<void>;
}

const SDK = join(import.meta.dirname, '../../dist/sdk');
const SKUS = catalogue().map(({ sku }) => sku);
const RELATIONS = [{ from: { sku: 'TGR-01' }, relation: 'goes-with' as const, to: { sku: 'GAI-02' } }];

export async function shopBehindTrainer(): Promise<ShopBehindTrainer> {
  const commands: string[][] = [];
  const [{ store, fixture }] = await Promise.all([
    storeWithFixture({ promotions: published(), skus: SKUS, relations: RELATIONS }),
    ...[buildShop(), buildSdk()],
  ]);
  const coupons = openCoupons(store);
  store.transaction(() => coupons.budgets.set('demo', 'coupons', 'EUR', 100_000, NOW));
  const [coupon] = readPromotions(promotions(NOW), 'EUR').filter(({ id }) => id === 'eight-off-35');
  coupons.offer('demo', coupon!, { budget: 'coupons' });
  const { url: endpoint, stop } = await serveStore(store, readSdkFiles(SDK));
  const client = createClient({ endpoint, site: 'demo', token: SHOP_TOKEN });
  const embed = { endpoint, siteKey: 'demo', keys: fixture.key.publicKey, timeout: 20_000 };
  const loop = new Loop(loopFolders(), 'demo', Date.now, quickRound(store, fixture, commands));
  const qa = { loop, client, endpoint, site: 'demo' };
  const shop = await listening(shopServer(BUILT, embed, { client, now: () => NOW }, qa));
  return {
    ...{ store, fixture, coupons, shop, commands },
    async stop() {
      await stop();
      shop.close();
    },
  };
}
