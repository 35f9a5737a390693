import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { idempotencyOf } from '../../../trainer-server/coupons/idempotency.ts';
import { openDatabase } from '../../../trainer-server/store/database.ts';
import { MIGRATIONS } from '../../../trainer-server/store/migrations.ts';
import { COUPON_REPLIES } from '../../../trainer-server/store/schema/coupon-replies.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

it('forgets answers by their age, and no others', () => {
  const db = openDatabase(temporaryFolder());
  const replies = idempotencyOf(db);
  const work = (n: number) => replies.once('demo', `k${n}`, { n }, n, () => n);
  for (let n = 1; n <= 5; n++) expect(work(n)).toEqual({ answer: n, replayed: false });
  replies.forget(4);
  for (const [n, replayed] of [
    [3, false],
    [4, true],
    [5, true],
  ] as const)
    expect(work(n)).toEqual({ answer: n, replayed });
  expect(() => replies.once('demo', 'k4', { n: 5 }, 9, () => 5)).toThrow(/another request/);
  db.close();
});

it('answers that were given before the table was rebuilt are still the answers', () => {
  const db = new Database(':memory:');
  for (const step of MIGRATIONS.slice(0, MIGRATIONS.indexOf(COUPON_REPLIES)))
    if (typeof step === 'string') db.exec(step);
    else step(db);
  const insert = db.prepare(
    'insert into coupon_reply (site, key, request, answer, at) values (?, ?, ?, ?, ?)',
  );
  // SHA-256 of {"a":1}, by sha256sum.
  const digest = '015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862';
  insert.run('demo', 'old', digest, '"as before"', 1);
  db.exec(COUPON_REPLIES);
  const { once } = idempotencyOf(db);
  expect(once('demo', 'old', { a: 1 }, 2, () => 'anew')).toEqual({ answer: 'as before', replayed: true });
  expect(() => once('demo', 'old', { a: 2 }, 2, () => 'anew')).toThrow(/another request/);
  db.close();
});
