/**
 * `train --from` on Online Retail (shared data): a release of the months before September goes on with September's
 * invoices alone. Asked is each last line of every tenth invoice of July and August, which no training saw, and of October's:
 * what the release before said, what this one says, and what one of the whole log would.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promoEdgeJson } from '../../helpers/cli.ts';
import type { Figures } from '../bench.ts';
import type { Log, LoggedEvent, Question } from './logs.ts';

const [JULY, SEPTEMBER] = [Date.UTC(2011, 6, 1), Date.UTC(2011, 8, 1)];
const EVERY = 10;

/** @param dir an empty folder @param log of Online Retail, October asked */
export async function periods(dir: string, log: Log, say: (line: string) => void): Promise<Figures> {
  const summer = log.events.filter(({ ts, items }) => ts! >= JULY && ts! < SEPTEMBER && items!.length > 1);
  const asked = summer.filter((_, i) => i % EVERY === 0);
  const kept = log.events.filter((event) => !asked.includes(event));
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
    september: await trained('september', september),
    whole: await trained('whole', kept),
  };
  const old = asked.map(
    (event, asker): Question => ({
      asker,
      history: [{ ...event, items: event.items!.slice(0, -1) }],
      target: event.items!.at(-1)!.sku,
    }),
  );
  const figures: Figures = {};
  for (const [name, bundle] of Object.entries(releases)) {
    figures[`periods_old_hr10_${name}`] = await hits(bundle, old, log);
    figures[`periods_new_hr10_${name}`] = await hits(bundle, log.questions, log);
    const [then, now] = ['old', 'new'].map((period) => Number(figures[`periods_${period}_hr10_${name}`]));
    say(`  ${name.padEnd(12)} July and August ${then!.toFixed(4)}  October ${now!.toFixed(4)}`);
  }
  const [was, is] = ['before', 'continued'].map((name) => Number(figures[`periods_old_hr10_${name}`]));
  return { ...figures, periods_forgetting: Math.max(0, 1 - is! / was!), periods_old_questions: old.length };
}

async function hits(bundle: string, questions: readonly Question[], log: Log): Promise<number> {
  const answers = await promoEdgeJson<{ id: number; items: string[] }>(
    ['recommend', '--bundle', bundle, '--k', String(log.cutoff)],
    questions.map(({ history }, id) => ({ id, history, exclude_seen: log.excludeSeen })),
  );
  return answers.filter(({ id, items }) => items.includes(questions[id]!.target)).length / answers.length;
}
