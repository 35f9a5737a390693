/** The ledger: money moves between four accounts of a budget, and every move is a row that stays. */

import type { Minor } from '../../shared/money.ts';
import type { Db } from '../store/database.ts';

/**
 * `shop` is where a budget's money comes from; `free` may still be promised; `reserved` is promised to open claims,
 * at the most that each can cost; `spent` was taken off orders.
 */
export type Account = 'shop' | 'free' | 'reserved' | 'spent';

export interface Entry {
  site: string;
  budget: string;
  /** Epoch ms. */
  at: number;
  debit: Account;
  credit: Account;
  amount: Minor;
  code?: string;
}

export interface Budget {
  site: string;
  id: string;
  currency: string;
  free: Minor;
  reserved: Minor;
  spent: Minor;
}

/** A budget whose balances are not what its rows add up to. */
export interface Imbalance {
  site: string;
  budget: string;
  account: Account;
  balance: Minor;
  rows: Minor;
}

export interface Ledger {
  /** Inside a transaction. An amount of 0 moves nothing. @throws where an account would fall below zero */
  move(entry: Entry): void;
  budget(site: string, id: string): Budget | undefined;
  /** What may still be promised; 0 where there is no such budget. */
  free(site: string, id: string): Minor;
  budgets(site: string): Budget[];
  /** Every budget against the sum of its rows; empty where the books balance. */
  imbalances(): Imbalance[];
}

export function ledgerOf(db: Db): Ledger {
  const insert = db.prepare(
    'insert into coupon_entry (site, budget, at, debit, credit, amount, code) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const one = db.prepare('select * from coupon_budget where site = ? and id = ?');
  const free = db.prepare('select free from coupon_budget where site = ? and id = ?').pluck();
  const all = db.prepare('select * from coupon_budget where site = ? order by id');
  const off = db.prepare(IMBALANCES);
  return {
    move({ site, budget, at, debit, credit, amount, code }) {
      if (amount > 0) insert.run(site, budget, at, debit, credit, amount, code ?? null);
    },
    budget: (site, id) => one.get(site, id) as Budget | undefined,
    free: (site, id) => (free.get(site, id) as number | undefined) ?? 0,
    budgets: (site) => all.all(site) as Budget[],
    imbalances: () => off.all() as Imbalance[],
  };
}

/** The shop's account has no balance of its own: it is owed what the other three hold. */
const IMBALANCES = `
  with account (name) as (values ('free'), ('reserved'), ('spent')),
  moved as (
    select site, budget, credit as account, amount from coupon_entry
    union all
    select site, budget, debit, -amount from coupon_entry
  ),
  held as (
    select b.site, b.id as budget, a.name as account,
      case a.name when 'free' then b.free when 'reserved' then b.reserved else b.spent end as balance
    from coupon_budget b cross join account a
    union all
    select site, id, 'shop', -(free + reserved + spent) from coupon_budget
  )
  select h.site, h.budget, h.account, h.balance, coalesce(sum(m.amount), 0) as rows
  from held h left join moved m on m.site = h.site and m.budget = h.budget and m.account = h.account
  group by h.site, h.budget, h.account, h.balance
  having h.balance <> coalesce(sum(m.amount), 0)
`;
