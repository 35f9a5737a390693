/** The cleaned tables as the files of a data folder (CONTRACT section 3). */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Cell, Engine } from '../dataset/duckdb.ts';
import type { CleaningSettings } from '../dataset/stages.ts';
import type { Staging } from './staging.ts';

/** The rows of each kind as they are written: `body`, for events with visitor, session and ts beside it. */
const QUERIES: Readonly<Record<string, string>> = {
  'products.jsonl': `
    select product.body as body from product
    inner join product_last on product_last.seq = product.seq order by product.seq`,
  'events.jsonl': `
    select visitor, session, ts, body from event_clean order by ts nulls first, seq`,
  'decisions.jsonl': `
    select decision.body as body from decision
    where decision.seq in (select max(decision.seq) from decision group by decision.id) order by decision.seq`,
  'pairs.jsonl': 'select pair.body as body from pair group by pair.body order by min(pair.seq)',
  'judgements.jsonl':
    'select judgement.body as body from judgement group by judgement.body order by min(judgement.seq)',
};

/** Writes every file that has rows into `out`. @returns rows by file name */
export async function writeFolder(
  out: string,
  engine: Engine,
  staging: Staging,
  settings: CleaningSettings,
): Promise<Record<string, number>> {
  const written: Record<string, number> = {};
  for (const [name, sql] of Object.entries(QUERIES)) {
    const rows = await writeLines(join(out, name), engine, sql, (row) => lineOf(row, settings));
    if (rows > 0) written[name] = rows;
  }
  if (staging.promotions.size > 0) {
    await writeFile(
      join(out, 'promotions.json'),
      `${JSON.stringify([...staging.promotions.values()], null, 2)}\n`,
    );
    written['promotions.json'] = staging.promotions.size;
  }
  if (Object.keys(staging.shopFacts).length > 0) {
    await writeFile(join(out, 'shop.json'), `${JSON.stringify(staging.shopFacts, null, 2)}\n`);
    written['shop.json'] = 1;
  }
  return written;
}

function lineOf(row: Record<string, Cell>, settings: CleaningSettings): string {
  const body = row.body as string;
  if (row.visitor === undefined) return body;
  const ts = row.ts as number | null;
  const time =
    ts === null
      ? ''
      : `,"ts":${ts >= settings.clock_starts ? JSON.stringify(new Date(ts).toISOString()) : ts}`;
  const head = `{"visitor":${JSON.stringify(row.visitor)},"session":${JSON.stringify(row.session)}${time}`;
  return `${head},${body.slice(1)}`;
}

async function writeLines(
  path: string,
  engine: Engine,
  sql: string,
  line: (row: Record<string, Cell>) => string,
): Promise<number> {
  let rows = 0;
  let file: ReturnType<typeof createWriteStream> | undefined;
  for await (const block of engine.rows(sql)) {
    if (block.length === 0) continue;
    file ??= createWriteStream(path);
    rows += block.length;
    if (!file.write(`${block.map(line).join('\n')}\n`)) await once(file, 'drain');
  }
  if (file !== undefined) {
    file.end();
    await finished(file);
  }
  return rows;
}
