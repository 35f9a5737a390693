import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dataOf, forgetPerson } from '../../trainer-server/access/forget.ts';
import { subjectOf } from '../../trainer-server/coupons/keys.ts';
import { eraseLines } from '../../trainer-server/dataset/erase-lines.ts';
import { balances, couponShop, SITE, START } from '../helpers/coupon-shop.ts';

const VISITOR = 'visitor-7f3a';
const CUSTOMER = 'customer-4711';

async function shopWithHistory() {
  const shop = await couponShop();
  const { store, coupons } = shop;
  const line = (id: string, visitor: string): string =>
    JSON.stringify({ id, visitor, action: 'none', history: [] });
  store.trajectories.append(SITE, { id: 't1', received: 0, body: line('t1', VISITOR) });
  store.trajectories.append(SITE, { id: 't2', received: 0, body: line('t2', 'somebody-else') });
  for (const [id, customer] of [
    ['o1', CUSTOMER],
    ['o2', 'another'],
  ] as const)
    store.orders.append(SITE, { id, received: 0, body: JSON.stringify({ id, customer, items: [] }) });
  await shop.redeem(await shop.code(), { customer: CUSTOMER });
  await shop.redeem(await shop.code(), { customer: 'another' });
  await coupons.dismiss(SITE, CUSTOMER, 'five-off', START);
  const data = join(store.dir, 'data');
  mkdirSync(data);
  writeFileSync(join(data, 'decisions.jsonl'), `${line('t1', VISITOR)}\n${line('t2', 'somebody-else')}\n`);
  return { ...shop, data };
}

const filesWith = (dir: string, text: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && readFileSync(join(entry.parentPath, entry.name)).includes(text))
    .map((entry) => entry.name);

describe('erasing a person', () => {
  it('takes what the export showed, in every table and file, and leaves no orphan and no gap in the books', async () => {
    const { store, coupons, data, ...shop } = await shopWithHistory();
    const person = { visitor: VISITOR, customer: CUSTOMER };
    const exported = dataOf(store, SITE, person);
    expect(exported.trajectories).toMatchObject([{ id: 't1' }]);
    expect(exported.orders).toMatchObject([{ id: 'o1' }]);
    expect(exported.coupons).toMatchObject([{ kind: 'redemption', promotion: 'five-off', amount: 500 }]);
    const books = balances({ store, coupons, ...shop });

    expect(forgetPerson(store, SITE, person, START)).toEqual({ trajectories: 1, orders: 1, coupons: 2 });
    await eraseLines(data, { visitor: VISITOR });

    expect(dataOf(store, SITE, person)).toEqual({ trajectories: [], orders: [], coupons: [] });
    const subject = subjectOf(coupons.keys, SITE, CUSTOMER);
    for (const name of [VISITOR, CUSTOMER, subject])
      expect([name, filesWith(store.dir, name)]).toEqual([name, []]);
    expect(store.db.pragma('foreign_key_check')).toEqual([]);
    expect(store.db.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(balances({ store, coupons, ...shop })).toEqual(books);
    expect(store.audit.verify()).toHaveProperty('head');
  });

  it('leaves everybody else as they were', async () => {
    const { store, coupons, data } = await shopWithHistory();
    forgetPerson(store, SITE, { visitor: VISITOR, customer: CUSTOMER }, START);
    await eraseLines(data, { visitor: VISITOR });
    const other = dataOf(store, SITE, { visitor: 'somebody-else', customer: 'another' });
    expect([other.trajectories.length, other.orders.length, other.coupons.length]).toEqual([1, 1, 1]);
    expect(filesWith(data, 'somebody-else')).toEqual(['decisions.jsonl']);
    expect(coupons.promotions.allLive(SITE).length).toBe(1);
  });

  it('lets nobody else redeem a claim that was theirs', async () => {
    const { store, ...shop } = await couponShop();
    const code = await shop.code();
    store.db.prepare('update coupon_claim set subject = ?').run(subjectOf(shop.coupons.keys, SITE, CUSTOMER));
    expect(forgetPerson(store, SITE, { customer: CUSTOMER }, START).coupons).toBe(1);
    await expect(shop.redeem(code, { customer: 'another' })).rejects.toThrow();
    await expect(shop.redeem(code)).rejects.toThrow();
  });
});
