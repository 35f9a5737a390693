/** The part of the status page that is the shop's own business: money, what waits for a second person, who changed what. */

import { html } from 'hono/html';
import { type Minor, toMajor } from '../../shared/money.ts';
import { fourEyes } from '../access/four-eyes.ts';
import type { BudgetReport } from '../coupons/budgets.ts';
import type { Approval } from '../store/approvals.ts';
import type { ChainedEntry } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import { type Html, table, time } from './page.ts';

export function insideOf(store: Store, budgets: readonly BudgetReport[], site: string): Html {
  return html`<h3>Budgets</h3>${budgetTable(budgets)}
<h3>Waiting for a second person</h3>${waiting(store, site)}
<h3>Who changed what</h3>
${table('Who changed what', ['When', 'Who', 'Act', 'Of'], store.audit.list(site, 10).map(auditRow))}
<p class="muted">Head of the audit log: <code>${store.audit.head()}</code></p>`;
}

function budgetTable(budgets: readonly BudgetReport[]): Html {
  if (budgets.length === 0) return html`<p class="muted">None: no coupon can be claimed.</p>`;
  const columns = ['Budget', 'Total', 'Spent', 'Promised', 'Worst case'];
  return html`${table('Budgets', columns, budgets.map(budgetRow))}
<p class="muted">Worst case: spent, and every open claim redeemed at the most it can cost.</p>`;
}

function budgetRow({ id, currency, total, spent, reserved, worstCase, openClaims }: BudgetReport): Html {
  const money = (minor: Minor): string => `${toMajor(minor, currency).toLocaleString('en')} ${currency}`;
  const claims = openClaims === 1 ? '1 claim' : `${openClaims} claims`;
  return html`<td>${id}</td><td>${money(total)}</td><td>${money(spent)}</td><td>${money(reserved)} (${claims})</td><td>${money(worstCase)}</td>`;
}

function waiting(store: Store, site: string): Html {
  if (!fourEyes(store)) {
    return html`<p>Approvals are off: one person runs this shop, and nobody else looks at what goes out.</p>`;
  }
  const open = store.approvals.list(site, 'open');
  if (open.length === 0)
    return html`<p class="muted">Nothing. New promotions, budgets and releases need two people.</p>`;
  return table('Waiting for a second person', ['No.', 'What', 'Proposed by', 'When'], open.map(proposalRow));
}

const proposalRow = ({ id, subject, name, proposer, proposed }: Approval): Html =>
  html`<td>${id}</td><td>${subject}: ${name}</td><td>${proposer}</td><td>${time(proposed)}</td>`;

function auditRow({ at, who, action, detail }: ChainedEntry): Html {
  return html`<td>${time(at)}</td><td>${who}</td><td>${action}</td><td>${objectOf(detail)}</td>`;
}

/** What of the detail says in a line what the act was about. */
function objectOf(detail: Record<string, unknown>): string {
  const { version, subject, name, role, owner, promotion, token } = detail;
  if (version !== undefined) return `release ${version}`;
  if (owner !== undefined) return `${role} ${owner}`;
  return [subject, name ?? promotion ?? token].filter((part) => part !== undefined).join(' ');
}
