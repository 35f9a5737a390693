/**
 * What cheats cost a shop: sixteen processes of bots against a live server, as best responders, replayers, forgers,
 * racers for the same codes, drainers and those who cancel. Then the same bots against the same server with the checks off.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ledgerOf } from '../../trainer-server/coupons/ledger.ts';
import { openStore } from '../../trainer-server/store/store.ts';
import { ABUSE, type BotOrders, type BotReport } from '../helpers/abuse-plan.ts';
import { talk } from '../helpers/talk.ts';
import type { Bench, Figures } from './bench.ts';

const HELPERS = join(import.meta.dirname, '../helpers');
const CONTESTED = 20;

interface Outcome {
  /** Cents that the bots had taken off their orders. */
  loss: number;
  overspend: number;
  lostRows: number;
  wrongTotals: number;
  failures: number;
  requests: number;
  /** Accounts of the budget that are not the sum of their rows. */
  unbalanced: number;
  /** What drainers still held when their claims had expired. */
  stillReserved: number;
}

export const bench: Bench = {
  summary:
    'abuse: what bots take from a live server, its bound, and what they take with the checks off; cents',
  async run({ quick, say }) {
    const attacks = quick ? 12 : 60;
    const { budget, identities, cap, face, processes } = ABUSE;
    const bound = Math.min(budget, identities * cap * face);
    say(
      `${processes} processes, ${attacks} attacks each, ${identities} accounts x ${cap} uses x ${face} cents`,
    );
    const on = await attack('on', attacks);
    say(`checks on:  ${on.requests} requests, ${on.loss} taken of at most ${bound}`);
    const off = await attack('off', attacks);
    say(`checks off: ${off.requests} requests, ${off.loss} taken`);
    return {
      loss: on.loss,
      loss_bound: bound,
      loss_with_checks_off: off.loss,
      overspend: on.overspend,
      overspend_with_checks_off: off.overspend,
      lost_rows: on.lostRows,
      wrong_totals: on.wrongTotals,
      unbalanced: on.unbalanced,
      still_reserved: on.stillReserved,
      server_errors: on.failures,
      requests: on.requests,
    } satisfies Figures;
  },
};

async function attack(checks: 'on' | 'off', attacks: number): Promise<Outcome> {
  const dir = mkdtempSync(join(tmpdir(), 'promo-edge-abuse-'));
  const server = talk(join(HELPERS, 'abuse-server.ts'), dir, checks);
  try {
    const { url, shopToken } = JSON.parse(await server.hear()) as { url: string; shopToken: string };
    const contested = await Promise.all(Array.from({ length: CONTESTED }, () => grant(url)));
    const bots = Array.from({ length: ABUSE.processes }, () => talk(join(HELPERS, 'abuse-bot.ts')));
    for (const bot of bots) await bot.hear();
    bots.forEach((bot, name) => {
      bot.say(JSON.stringify({ url, shopToken, name, attacks, contested } satisfies BotOrders));
    });
    const reports = await Promise.all(bots.map(async (bot) => JSON.parse(await bot.hear()) as BotReport));
    await Promise.all(bots.map(({ ended }) => ended));
    server.child.kill('SIGTERM');
    await server.ended;
    return outcomeOf(dir, reports);
  } finally {
    server.child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true });
  }
}

async function grant(url: string): Promise<string> {
  const response = await fetch(`${url}/s/${ABUSE.site}/grants`, { method: 'POST', body: '{}' });
  return ((await response.json()) as { grant: string }).grant;
}

function outcomeOf(dir: string, reports: readonly BotReport[]): Outcome {
  const store = openStore(dir);
  const { reserved, spent } = ledgerOf(store.db).budget(ABUSE.site, 'all')!;
  const row = store.db.prepare('select code, amount from coupon_redemption where id = ?');
  const acknowledged = reports.flatMap((report) => report.acknowledged);
  const lost = acknowledged.filter(({ id, code, amount }) => {
    const found = row.get(id) as { code: string; amount: number } | undefined;
    return found?.code !== code || found.amount !== amount;
  });
  const outcome = {
    loss: store.db
      .prepare('select coalesce(sum(amount - reversed), 0) from coupon_redemption')
      .pluck()
      .get() as number,
    overspend: Math.max(0, spent + Math.max(0, reserved) - ABUSE.budget),
    lostRows: lost.length,
    wrongTotals: total(reports.map((report) => report.wrongTotals)),
    failures: total(reports.map((report) => report.failures)),
    requests: total(reports.map((report) => report.requests)),
    unbalanced: ledgerOf(store.db).imbalances().length,
    stillReserved: reserved,
  };
  store.close();
  // Checks on or off, the ledger says what was taken.
  if (outcome.loss !== spent) outcome.unbalanced++;
  return outcome;
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);
