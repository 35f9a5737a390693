/** Runs the cleaning stages over what was read and counts what each did. */

import { BadInput } from '../../shared/errors.ts';
import type { Engine } from '../dataset/duckdb.ts';
import { type CleaningSettings, runStage, writeSettings } from '../dataset/stages.ts';
import type { ImportContext } from './importer.ts';

/** In order: each stage's SQL file, the event table it makes, and why it removes rows. */
const STAGES = [
  { file: '10-exact-duplicates', table: 'event_distinct', title: 'exact duplicates', reason: 'duplicate' },
  { file: '20-near-duplicates', table: 'event_single', title: 'near duplicates', reason: 'near duplicate' },
  { file: '30-impossible-values', table: 'event_possible', title: 'impossible values', reason: 'rejected' },
  { file: '40-robots', table: 'event_human', title: 'robots', reason: 'of robots' },
  { file: '50-sessions', table: 'event_clean', title: 'sessions', reason: 'lost' },
] as const;

export async function cleanEvents(context: ImportContext, settings: CleaningSettings): Promise<void> {
  const { engine, report } = context;
  await writeSettings(engine, settings);
  await runStage(engine, '05-time-unit');
  const progress = context.progress.stage('clean', STAGES.length + 1);
  let before = 'event_timed';
  let rows = await engine.number('select count(*) from event');
  for (const [i, stage] of STAGES.entries()) {
    context.signal.throwIfAborted();
    await runStage(engine, stage.file);
    const left = await engine.number(`select count(*) from ${stage.table}`);
    const removed = rows - left;
    report.stages.push({
      stage: stage.title,
      unit: 'events',
      in: rows,
      out: left,
      removed: { [stage.reason]: removed },
      ...(removed > 0 ? { examples: await examples(engine, before, stage.table) } : {}),
    });
    before = stage.table;
    rows = left;
    progress.update(i + 1, stage.title);
  }
  if ((await engine.number('select max(time_unit.ms) from time_unit')) > 1)
    report.notes.push('every time would be one of 1970 to 1973, so they are read as seconds');
  await rejectImpossible(context);
  await joinCatalogue(context);
  progress.end(`${rows} events kept`);
}

async function examples(engine: Engine, before: string, after: string): Promise<string[]> {
  const sql = `select file, line from ${before} where seq not in (select seq from ${after}) order by seq limit 5`;
  const out: string[] = [];
  for await (const block of engine.rows(sql))
    for (const row of block) out.push(`${row.file}:${row.line ?? '?'}`);
  return out;
}

async function rejectImpossible({ engine, reject }: ImportContext): Promise<void> {
  const sql = `select e.file as file, e.line as line, e.body as body, i.field as field, i.expected as expected,
    i.found as found from impossible i inner join event_single e on e.seq = i.seq order by e.seq`;
  const seen = new Set<string>();
  for await (const block of engine.rows(sql)) {
    for (const row of block) {
      const key = `${row.file}:${row.line}:${row.body}`;
      // A row with two impossible values is one rejected row.
      if (seen.has(key)) continue;
      seen.add(key);
      const place = {
        file: row.file as string,
        field: row.field as string,
        ...(row.line === null ? {} : { line: row.line as number }),
      };
      reject(new BadInput(place, row.expected as string, row.found as string), row.body as string);
    }
  }
}

async function joinCatalogue({ engine, report }: ImportContext): Promise<void> {
  await runStage(engine, '60-catalogue');
  if ((await engine.number('select count(*) from product_last')) === 0) {
    const skus = await engine.number('select count(distinct sku) from event_sku');
    if (skus > 0) report.notes.push(`no catalogue: the ${skus} products of the events are known by id alone`);
    return;
  }
  const unknown = report.unknownProducts;
  unknown.skus = await engine.number('select count(*) from unknown_product');
  unknown.events = await engine.number(
    `select count(distinct event_sku.seq) from event_sku
    where event_sku.seq in (select seq from event_clean) and event_sku.sku in (select sku from unknown_product)`,
  );
  for await (const block of engine.rows('select sku from unknown_product order by events desc, sku limit 5'))
    for (const row of block) unknown.examples.push(row.sku as string);
}
