/**
 * `train --from` on Online Retail (shared data): a release of the months before September goes on with September's
 * invoices alone, and with the same as looks in a drawn order, a log of another kind. Asked are the last lines of every
 * tenth invoice of July and August, which no training saw, and of October's: what the release before said, what those that
 * go on say, and what one of the whole log would.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hash32, seeded, shuffle } from '../../../shared/random.ts';
import { forgotten } from '../../../trainer-server/recommend/period-qualities.ts';
import { promoEdgeJson } from '../../helpers/cli.ts';
import type { Figures } from '../bench.ts';
import type { Log, LoggedEvent, Question } from './logs.ts';

const [JULY, SEPTEMBER] = [Date.UTC(2011, 6, 1), Date.UTC(2011, 8, 1)];
const EVERY = 10;
/** Lines asked of an invoice, each after those before it. */
const LINES = 4;

/** @param dir an empty folder @param log of Online Retail, October asked @param shoppers one in so many is learned from */
export async function periods(
  dir: string,
  log: Log,
  shoppers: number,
  say: (line: string) => void,
): Promise<Figures> {
  say('going on from a release, Online Retail, hit@10:');
  const summer = log.events.filter(({ ts, items }) => ts! >= JULY && ts! < SEPTEMBER && items!.length > 1);
  const asked = summer.filter((_, i) => i % EVERY === 0);
  const kept = log.events.filter((event) => hash32(event.visitor) % shoppers === 0 && !asked.includes(event));
  const before = kept.filter(({ ts }) => ts! < SEPTEMBER);
  const september = kept.filter(({ ts }) => ts! >= SEPTEMBER);
  const trained = async (name: string, events: readonly LoggedEvent[], from?: string): Promise<string> => {
    const [data, out] = [join(dir, `${name}-data`), join(dir, name)];
    await mkdir(data);
    await writeFile(join(data, 'events.jsonl'), events.map((event) => JSON.stringify(event)).join('\n'));
    const given = from === undefined ? [] : ['--from', from];
    await promoEdgeJson(['train', '--data', data, '--out', out, '--only', 'recommend', ...given]);
    return out;
  };
  const first = await trained('before', before);
  const releases = {
    before: first,
    continued: await trained('continued', september, first),
    looks: await trained('looks', asLooks(september), first),
    september: await trained('september', september),
    whole: await trained('whole', kept),
  };
  const old = asked.flatMap(lastLines);
  const figures: Figures = { periods_old_questions: old.length };
  const told: Record<string, number[]> = {};
  for (const [name, bundle] of Object.entries(releases)) {
    const hits = await hitsOf(bundle, old, log);
    told[name] = hits;
    figures[`periods_old_hr10_${name}`] = mean(hits);
    figures[`periods_new_hr10_${name}`] = mean(await hitsOf(bundle, log.questions, log));
    const [then, now] = ['old', 'new'].map((period) => Number(figures[`periods_${period}_hr10_${name}`]));
    say(`  ${name.padEnd(12)} July and August ${then!.toFixed(4)}  October ${now!.toFixed(4)}`);
  }
  // Of invoices, whose lines are not independent.
  const ofInvoices = (hits: readonly number[]): number[] =>
    asked.map((_, asker) => hits.reduce((sum, hit, i) => sum + (old[i]!.asker === asker ? hit : 0), 0));
  for (const name of ['continued', 'looks'] as const) {
    const { forgetting, forgettingLow, forgettingHigh } = forgotten(
      ofInvoices(told.before!),
      ofInvoices(told[name]!),
    );
    const suffix = name === 'looks' ? '_looks' : '';
    figures[`periods_forgetting${suffix}`] = forgetting;
    figures[`periods_forgetting${suffix}_low`] = forgettingLow;
    figures[`periods_forgetting${suffix}_high`] = forgettingHigh;
  }
  return figures;
}

/** Invoices as visits that look at their products in a drawn order: what follows what says nothing in them. */
function asLooks(invoices: readonly LoggedEvent[]): LoggedEvent[] {
  const random = seeded('looks');
  return invoices.flatMap(({ items = [], ts, ...invoice }) =>
    shuffle([...items], random).map(
      ({ sku }, i): LoggedEvent => ({ ...invoice, ts: ts! + i * 1000, name: 'view_item', sku }),
    ),
  );
}

const lastLines = (event: LoggedEvent, asker: number): Question[] =>
  event.items!.flatMap(({ sku }, line, { length }) =>
    line === 0 || line < length - LINES
      ? []
      : [{ asker, history: [{ ...event, items: event.items!.slice(0, line) }], target: sku }],
  );

/** 1 where the target is among the best ten, else 0. */
async function hitsOf(bundle: string, questions: readonly Question[], log: Log): Promise<number[]> {
  const answers = await promoEdgeJson<{ id: number; items: string[] }>(
    ['recommend', '--bundle', bundle, '--k', String(log.cutoff)],
    questions.map(({ history }, id) => ({ id, history, exclude_seen: log.excludeSeen })),
  );
  return answers.map(({ id, items }) => Number(items.includes(questions[id]!.target)));
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
