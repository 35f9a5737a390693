/**
 * Coupons: budgets, the ledger that moves their money, and what each sum was moved for. Money is in minor units of
 * the budget's currency. A budget's three balances are written by the ledger's trigger alone, and each may not fall
 * below zero: no statement of ours, however wrong, can spend more than was put in.
 */
export const COUPON_SCHEMA = `
  create table coupon_budget (
    site text not null,
    id text not null,
    currency text not null,
    free integer not null default 0 check (free >= 0),
    reserved integer not null default 0 check (reserved >= 0),
    spent integer not null default 0 check (spent >= 0),
    primary key (site, id)
  ) strict;

  -- Versions are never changed: a code keeps the terms under which it was claimed.
  create table coupon_promotion (
    version integer primary key,
    site text not null,
    id text not null,
    budget text not null,
    state text not null check (state in ('draft', 'live', 'withdrawn')),
    exclusion_group text not null,
    -- Reserved by each claim: no use can cost more.
    worst_case integer not null check (worst_case >= 0),
    per_customer integer check (per_customer > 0),
    uses_left integer check (uses_left >= 0),
    claim_ms integer not null check (claim_ms > 0),
    -- Promotion, as shared/promotion.ts has it.
    body text not null,
    foreign key (site, budget) references coupon_budget (site, id)
  ) strict;
  create unique index coupon_promotion_live on coupon_promotion (site, id) where state = 'live';

  -- What a new visit was assigned to, by chance and with which probability.
  create table coupon_grant (
    site text not null,
    sid text not null,
    at integer not null,
    experiment integer,
    arm text not null,
    propensity real not null check (propensity > 0 and propensity <= 1),
    primary key (site, sid)
  ) strict, without rowid;

  create table coupon_experiment (
    version integer primary key,
    site text not null,
    at integer not null,
    body text not null
  ) strict;

  create table coupon_claim (
    site text not null,
    sid text not null,
    exclusion_group text not null,
    promotion integer not null references coupon_promotion (version),
    code text not null unique,
    -- HMAC of the shop's customer id under a key that the database does not hold.
    subject text,
    reserved integer not null check (reserved >= 0),
    claimed integer not null,
    expires integer not null,
    state text not null default 'open' check (state in ('open', 'redeemed', 'expired')),
    primary key (site, sid, exclusion_group)
  ) strict;
  create index coupon_claim_due on coupon_claim (expires) where state = 'open';
  create index coupon_claim_subject on coupon_claim (site, subject, promotion) where subject is not null;

  create table coupon_redemption (
    id integer primary key,
    site text not null,
    code text not null references coupon_claim (code),
    order_id text not null,
    exclusion_group text not null,
    promotion text not null,
    subject text,
    amount integer not null check (amount >= 0),
    reversed integer not null default 0 check (reversed between 0 and amount),
    -- Everything came back: it no longer counts against the customer's cap.
    undone integer not null default 0 check (undone in (0, 1)),
    at integer not null,
    -- The priced cart as it was charged, for exact refunds.
    priced text not null
  ) strict;
  create unique index coupon_redemption_code on coupon_redemption (code);
  create unique index coupon_redemption_order on coupon_redemption (site, order_id, exclusion_group);
  create index coupon_redemption_subject on coupon_redemption (site, subject, promotion) where subject is not null;

  create table coupon_reversal (
    id integer primary key,
    redemption integer not null references coupon_redemption (id),
    at integer not null,
    amount integer not null check (amount >= 0),
    -- [{id, quantity}] of the cart's lines.
    returned text not null
  ) strict;
  create index coupon_reversal_of on coupon_reversal (redemption);

  -- Answers by idempotency key: the same request again gets the same answer, and changes nothing.
  create table coupon_reply (
    site text not null,
    key text not null,
    request text not null,
    answer text not null,
    at integer not null,
    primary key (site, key)
  ) strict, without rowid;

  -- Double entry: every row takes from one account what it gives to another.
  create table coupon_entry (
    seq integer primary key,
    site text not null,
    budget text not null,
    at integer not null,
    debit text not null check (debit in ('shop', 'free', 'reserved', 'spent')),
    credit text not null check (credit in ('shop', 'free', 'reserved', 'spent') and credit <> debit),
    amount integer not null check (amount > 0),
    code text references coupon_claim (code),
    foreign key (site, budget) references coupon_budget (site, id)
  ) strict;
  create trigger coupon_entry_moves after insert on coupon_entry begin
    update coupon_budget set
      free = free + new.amount * ((new.credit = 'free') - (new.debit = 'free')),
      reserved = reserved + new.amount * ((new.credit = 'reserved') - (new.debit = 'reserved')),
      spent = spent + new.amount * ((new.credit = 'spent') - (new.debit = 'spent'))
    where site = new.site and id = new.budget;
  end;
  create trigger coupon_entry_stays before update on coupon_entry begin
    select raise(abort, 'the ledger is append only');
  end;
  create trigger coupon_entry_is_kept before delete on coupon_entry begin
    select raise(abort, 'the ledger is append only');
  end;

  -- "Not interested", as the shop's server reports it of its customer.
  create table coupon_dismissal (
    site text not null,
    subject text not null,
    promotion text not null,
    until integer not null,
    primary key (site, subject, promotion)
  ) strict, without rowid;

  -- Codes made ahead, for checkouts that know nothing of us.
  create table coupon_pool (
    site text not null,
    promotion text not null,
    code text not null,
    state text not null default 'new' check (state in ('new', 'taken')),
    primary key (site, code)
  ) strict, without rowid;
  create index coupon_pool_new on coupon_pool (site, promotion) where state = 'new';
`;
