import { expect, it } from 'vitest';
import { openCoupons } from '../../trainer-server/coupons/coupons.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { startCouponServer } from '../helpers/coupon-server.ts';
import { basket, couponShop, FIVE_OFF, SITE } from '../helpers/coupon-shop.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { openConnection } from '../helpers/keep-alive.ts';

const KILLS = 100;
const TILLS = 8;
/** For each life of the server. */
const CODES = 60;

interface Acknowledged {
  id: string;
  code: string;
  amount: number;
}

/** Redeems until the server is gone. @returns what it acknowledged */
async function redeemUntilKilled(dir: string, codes: string[], life: number): Promise<Acknowledged[]> {
  const server = await startCouponServer(dir);
  const headers = (key: string) => `Authorization: Bearer ${server.shopToken}\r\nIdempotency-Key: ${key}\r\n`;
  const acknowledged: Acknowledged[] = [];
  // While the other tills wait for theirs; after a number that is another one in each life.
  const enough = 1 + ((life * 7) % 23);
  let killed: Promise<void> | undefined;
  const till = async (): Promise<void> => {
    const connection = await openConnection(server.url);
    for (let code = codes.pop(); code !== undefined; code = codes.pop()) {
      const body = JSON.stringify({ order: code, codes: [code], cart: basket(4_000) });
      const answer = await connection.post(`/s/${SITE}/redemptions`, headers(code), body);
      if (answer.status === 201) acknowledged.push(...JSON.parse(answer.body).redemptions);
      if (acknowledged.length >= enough) killed ??= server.kill();
    }
  };
  // A connection that breaks off is what a till sees of it.
  await Promise.all(Array.from({ length: TILLS }, () => till().catch(() => undefined)));
  await (killed ?? server.kill());
  return acknowledged;
}

it('SIGKILL 100 times in mid-redeem: every acknowledged row is there, and the database is whole', async () => {
  const dir = temporaryFolder();
  (await couponShop([FIVE_OFF], 1e9, {}, dir)).store.close();
  const acknowledged: Acknowledged[] = [];
  for (let life = 0; life < KILLS; life++)
    acknowledged.push(...(await redeemUntilKilled(dir, await claimed(dir, CODES), life)));
  const after = openStore(dir);
  expect(after.db.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(after.db.pragma('foreign_key_check')).toEqual([]);
  const row = after.db.prepare('select code, amount from coupon_redemption where id = ?');
  const lost = acknowledged.filter(({ id, code, amount }) => {
    const found = row.get(id) as { code: string; amount: number } | undefined;
    return found?.code !== code || found.amount !== amount;
  });
  expect(lost).toEqual([]);
  expect(openCoupons(after).ledger.imbalances()).toEqual([]);
  const rows = after.db.prepare('select count(*) from coupon_redemption').pluck().get() as number;
  // Rows that nobody heard of may be there: they were on the disk, and the answer was cut off.
  expect(rows).toBeGreaterThanOrEqual(acknowledged.length);
  expect(acknowledged.length).toBeGreaterThan(KILLS);
  after.close();
});

/** Codes for a server's next life, claimed on the system's clock. */
async function claimed(dir: string, count: number): Promise<string[]> {
  const store = openStore(dir);
  const coupons = openCoupons(store, { newSidsPerSite: Number.MAX_SAFE_INTEGER });
  const now = Date.now();
  const claim = async (): Promise<string> => {
    const { token } = await coupons.grant(SITE, {}, undefined, now);
    return (await coupons.claim(SITE, { grant: token, promotion: FIVE_OFF.id }, now)).code;
  };
  const codes = await Promise.all(Array.from({ length: count }, claim));
  store.close();
  return codes;
}
