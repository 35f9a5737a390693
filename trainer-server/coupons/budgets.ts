/** Budgets: money put in and taken out, and how much could still go. */

import type { Minor } from '../../shared/money.ts';
import type { Db } from '../store/database.ts';
import { type Budget, ledgerOf } from './ledger.ts';
import { Refusal } from './refusal.ts';

export interface BudgetReport extends Budget {
  /** Put in, less what was taken out again: nothing that shoppers do can cost more than this. */
  total: Minor;
  /** Spent already, plus every open claim redeemed at the most it can cost. */
  worstCase: Minor;
  openClaims: number;
}

export interface Budgets {
  /**
   * Makes the budget, or changes what it holds altogether. Inside a transaction.
   * @throws Refusal `conflict` where more than that is promised or spent, or where it is in another currency
   */
  set(site: string, id: string, currency: string, total: Minor, now: number): void;
  report(site: string): BudgetReport[];
}

export function budgetsOf(db: Db): Budgets {
  const ledger = ledgerOf(db);
  const create = db.prepare('insert or ignore into coupon_budget (site, id, currency) values (?, ?, ?)');
  const open = db
    .prepare(
      `select count(*) from coupon_claim c join coupon_promotion p on p.version = c.promotion
       where p.site = ? and p.budget = ? and c.state = 'open'`,
    )
    .pluck();
  return {
    set(site, id, currency, total, now) {
      create.run(site, id, currency);
      const held = ledger.budget(site, id)!;
      if (held.currency !== currency)
        throw new Refusal('conflict', `budget ${id} is in ${held.currency}, not in ${currency}`, 'currency');
      const more = total - totalOf(held);
      if (-more > held.free)
        throw new Refusal(
          'conflict',
          `of budget ${id} only ${held.free} are neither promised nor spent`,
          'total',
        );
      const move = { site, budget: id, at: now, amount: Math.abs(more) };
      if (more > 0) ledger.move({ ...move, debit: 'shop', credit: 'free' });
      else ledger.move({ ...move, debit: 'free', credit: 'shop' });
    },
    report: (site) =>
      ledger.budgets(site).map((budget) => ({
        ...budget,
        total: totalOf(budget),
        worstCase: budget.spent + budget.reserved,
        openClaims: open.get(site, budget.id) as number,
      })),
  };
}

const totalOf = ({ free, reserved, spent }: Budget): Minor => free + reserved + spent;
