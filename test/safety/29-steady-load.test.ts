import { expect, it } from 'vitest';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { openTills, steadily, visits } from '../helpers/coupon-load.ts';
import { startCouponServer } from '../helpers/coupon-server.ts';
import { SITE } from '../helpers/coupon-shop.ts';
import { temporaryFolder } from '../helpers/import-here.ts';

// The bench `coupons` prints the 99th percentile, with --full after the ten minutes of the bar.
const SECONDS = 10;
const PER_S = 50;

it('50 redemptions a second: no error, and the books balance', async () => {
  const dir = temporaryFolder();
  const store = openStore(dir);
  const server = await startCouponServer(dir);
  try {
    const tills = await openTills(server, 32);
    const { errors, times } = await steadily(tills, await visits(store, SECONDS * PER_S), PER_S);
    for (const till of tills) till.close();
    expect(errors).toBe(0);
    expect(times.length).toBe(2 * SECONDS * PER_S);
    const { ledger } = openCoupons(store);
    expect(ledger.imbalances()).toEqual([]);
    expect(ledger.budget(SITE, 'summer')).toMatchObject({ reserved: 0, spent: SECONDS * PER_S * 500 });
  } finally {
    await server.stop();
    store.close();
  }
});
