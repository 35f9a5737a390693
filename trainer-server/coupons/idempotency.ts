/** Idempotency keys: the same request again gets the first answer, and changes nothing. */

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { Db } from '../store/database.ts';
import { Refusal } from './refusal.ts';

export interface Answered<T> {
  answer: T;
  /** It had been answered before. */
  replayed: boolean;
}

export interface Idempotency {
  /**
   * Inside the transaction of `work`: answer and effect are kept together or not at all. What is refused is not
   * remembered: it wrote nothing, and may be right the next time.
   * @param request all that the answer depends on
   * @throws Refusal `key-reused` where the key stood for another request
   */
  once<T>(site: string, key: string, request: unknown, now: number, work: () => T): Answered<T>;
  forget(before: number): void;
}

/** At 50 orders a second 3,000 come each minute, and go each minute; no request waits long behind it. */
const SWEEP = 5_000;

export function idempotencyOf(db: Db): Idempotency {
  const find = db.prepare('select request, answer from coupon_reply where site = ? and key = ?');
  const insert = db.prepare(
    'insert into coupon_reply (site, key, request, answer, at) values (?, ?, ?, ?, ?)',
  );
  // Ids ascend with time: the oldest are first, and no sweep reads more than it may take.
  const forget = db.prepare(
    `delete from coupon_reply where at < ? and id in (select id from coupon_reply order by id limit ${SWEEP})`,
  );
  return {
    once<T>(site: string, key: string, request: unknown, now: number, work: () => T): Answered<T> {
      const digest = createHash('sha256').update(canonicalJson(request)).digest('hex');
      const before = find.get(site, key) as { request: string; answer: string } | undefined;
      if (before !== undefined && before.request !== digest)
        throw new Refusal('key-reused', 'this idempotency key stands for another request', 'Idempotency-Key');
      if (before !== undefined) return { answer: JSON.parse(before.answer) as T, replayed: true };
      const answer = work();
      insert.run(site, key, digest, JSON.stringify(answer), now);
      return { answer, replayed: false };
    },
    forget: (before) => void forget.run(before),
  };
}
