import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import type { Io } from '../../../trainer-server/commands/command.ts';
import { command as couponsCommand } from '../../../trainer-server/commands/coupons.ts';
import { command as evaluate } from '../../../trainer-server/commands/evaluate.ts';
import { experimentDecisions } from '../../../trainer-server/coupons/evidence.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { basket, couponShop, SITE, START } from '../../helpers/coupon-shop.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

const DAY = 86_400_000;
const ARMS = [
  { id: 'offered', share: 0.75 },
  { id: 'held-back', share: 0.25, menu: [] },
];

async function experiment() {
  const shop = await couponShop(undefined, 100_000_000);
  shop.coupons.experiments.start(SITE, { arms: ARMS }, START);
  const visit = async () => (await shop.coupons.grant(SITE, {}, undefined, START)).grant;
  const report = (sid: string, id: string, price: number, received: number, kind = 'purchase') => {
    // The shop's clock is a year off: only when we heard of it counts.
    const body = JSON.stringify({ id, kind, ts: 0, sid, items: [{ sku: 'A', quantity: 1, price }] });
    shop.store.orders.append(SITE, { id, received, body });
  };
  return { ...shop, visit, report };
}

describe('evidence of experiments', () => {
  it('is a line a visit: arm, propensity, and what its orders earned within the window', async () => {
    const { visit, report, store, coupons } = await experiment();
    const [buyer, returner, late, silent] = [await visit(), await visit(), await visit(), await visit()];
    report(buyer.sid, 'o1', 30, START + 1_000);
    report(returner.sid, 'o2', 30, START + 1_000);
    report(returner.sid, 'r2', 30, START + 2 * DAY, 'refund');
    report(late.sid, 'o3', 30, START + DAY);
    report('nobody', 'o4', 30, START + 1_000);
    await coupons.grant(SITE, {}, undefined, START + DAY);
    const rows = [
      ...experimentDecisions(store.db, store.orders, SITE, { currency: 'EUR', now: START + DAY }),
    ];
    expect(rows.length).toBe(4);
    const of = (sid: string) => rows.find(({ id }) => id === sid)!;
    expect(of(buyer.sid)).toMatchObject({
      eligible: ['offered', 'held-back'],
      action: buyer.arm,
      propensity: buyer.arm === 'offered' ? 0.75 : 0.25,
      reward: 30,
      outcome: { purchases: 1, refunds: 0 },
    });
    expect(of(returner.sid)).toMatchObject({ reward: 0, outcome: { purchases: 1, refunds: 1 } });
    expect([of(late.sid).reward, of(silent.sid).reward]).toEqual([0, 0]);
  });

  it('keeps nothing of visits that no experiment drew, however many come', async () => {
    const { coupons, store } = await couponShop();
    const [first] = await Promise.all(
      Array.from({ length: 20 }, () => coupons.grant(SITE, {}, undefined, START)),
    );
    coupons.experiments.start(SITE, { arms: ARMS }, START);
    // A visit of before goes on as it was: everything is offered to it.
    const later = await coupons.grant(SITE, { grant: first!.token }, undefined, START);
    expect(later.grant).toMatchObject({ sid: first!.grant.sid, arm: 'everything', propensity: 1 });
    expect(store.db.prepare('select count(*) from coupon_grant').pluck().get()).toBe(0);
    store.close();
  });

  it('has what redemptions cost, less what came back', async () => {
    const shop = await experiment();
    let grant = await shop.coupons.grant(SITE, {}, undefined, START);
    while (grant.grant.arm !== 'offered') grant = await shop.coupons.grant(SITE, {}, undefined, START);
    const { code } = await shop.coupons.claim(SITE, { grant: grant.token, promotion: 'five-off' }, START);
    const { answer } = await shop.coupons.redeem(
      SITE,
      'k',
      { order: 'o', codes: [code], cart: basket(4_000) },
      START,
    );
    const back = { returned: [{ id: '1', quantity: 1 }] };
    await shop.coupons.reverse(SITE, answer.redemptions[0]!.id, 'b', back, START);
    const { db, orders } = shop.store;
    const rows = [...experimentDecisions(db, orders, SITE, { currency: 'EUR', now: START + DAY })];
    expect(rows.find(({ id }) => id === grant.grant.sid)).toMatchObject({ spend: 2.5 });
  });

  it('lets evaluate find what each arm is worth', async () => {
    const { visit, report, store } = await experiment();
    const random = seeded('shoppers');
    const visits = await Promise.all(Array.from({ length: 1_500 }, visit));
    // The truth: with the offer 30 % buy for 20, without it 10 %; so 6 and 2 a visit.
    for (const { sid, arm } of visits)
      if (random.next() < (arm === 'offered' ? 0.3 : 0.1)) report(sid, sid, 20, START + 1_000);
    const out: string[] = [];
    const io: Io = {
      ...{ stdin: Readable.from([]), out: (line: string) => void out.push(line), progress: SILENT },
      ...{ now: () => START + 2 * DAY, env: {}, signal: new AbortController().signal },
    };
    const folder = temporaryFolder();
    await couponsCommand.run({ db: store.dir, currency: 'EUR', out: folder }, ['evidence'], io);
    for (const [arm, truth] of [
      ['offered', 6],
      ['held-back', 2],
    ] as const) {
      const other = arm === 'offered' ? 'held-back' : 'offered';
      const lines = visits.map(({ sid }) =>
        JSON.stringify({ id: sid, probabilities: { [arm]: 1, [other]: 0 } }),
      );
      const target = join(folder, `${arm}.jsonl`);
      writeFileSync(target, lines.join('\n'));
      out.length = 0;
      await evaluate.run({ data: folder, target }, [], io);
      const snips = out.map((line) => JSON.parse(line)).find(({ estimator }) => estimator === 'snips');
      expect(snips.low).toBeLessThan(truth);
      expect(snips.high).toBeGreaterThan(truth);
      expect(Math.abs(snips.value - truth)).toBeLessThan(1.5);
    }
  });
});
