/** A run as the files of a data folder. */

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { finished } from 'node:stream/promises';
import type { LoggedDecision } from '../../shared/decision.ts';
import { eventLine, itemLines } from '../../shared/feedback.ts';
import { writePromotion } from '../../shared/promotions/write-promotion.ts';
import { writeShop } from '../../shared/shop.ts';
import type { RunResult } from './types.ts';
import type { World } from './world.ts';

/** Lines are gathered to blocks of about this many characters before they are written. */
const BLOCK = 1 << 20;

/**
 * Writes decisions.jsonl, events.jsonl and shop.json, and promotions.json where the folder had none; copies the
 * catalogue. Decisions carry no history of their own: the loader joins it from the events, which gives the same.
 * @param catalogueFiles files that are copied as they are (products.jsonl, promotions.json)
 * @param crowd stands before every visitor's name, and so before the ids of sessions and decisions
 */
export async function writeSimulation(
  dir: string,
  world: World,
  run: RunResult,
  catalogueFiles: readonly string[],
  crowd = '',
): Promise<void> {
  const { currency } = world.shop;
  await mkdir(dir, { recursive: true });
  for (const file of catalogueFiles) {
    const target = join(dir, file.split(/[\\/]/).at(-1)!);
    if (resolve(file) !== resolve(target)) await copyFile(file, target);
  }
  await writeFile(join(dir, 'shop.json'), `${JSON.stringify(writeShop(world.shop), null, 2)}\n`);
  if (!catalogueFiles.some((file) => /promotions\.json(\.gz)?$/.test(file))) {
    const promotions = world.promotions.slice(1).map((promotion) => writePromotion(promotion, currency));
    await writeFile(join(dir, 'promotions.json'), `${JSON.stringify(promotions, null, 2)}\n`);
  }
  await writeLines(join(dir, 'events.jsonl'), run.events, ({ visitor, ts, ...event }) =>
    of(crowd, { visitor, ts: new Date(ts!).toISOString(), ...eventLine({ visitor, ...event }, currency) }),
  );
  await writeLines(join(dir, 'decisions.jsonl'), run.decisions, (decision) =>
    of(crowd, decisionLine(decision, currency)),
  );
}

const of = (crowd: string, line: Record<string, unknown>): Record<string, unknown> => {
  const named = ['visitor', 'session', 'id'].filter((key) => typeof line[key] === 'string');
  return { ...line, ...Object.fromEntries(named.map((key) => [key, `${crowd}${line[key]}`])) };
};

/** A decision as files carry it. The reward is in the log's own unit already. */
export function decisionLine(decision: LoggedDecision, currency: string): Record<string, unknown> {
  const { history: _, ts, cart, ...rest } = decision;
  return {
    ...rest,
    ...(ts === undefined ? {} : { ts: new Date(ts).toISOString() }),
    ...(cart === undefined ? {} : { cart: itemLines(cart, currency) }),
  };
}

async function writeLines<T>(
  path: string,
  rows: readonly T[],
  line: (row: T) => Record<string, unknown>,
): Promise<void> {
  const out = createWriteStream(path);
  let block = '';
  for (const row of rows) {
    block += `${JSON.stringify(line(row))}\n`;
    if (block.length < BLOCK) continue;
    if (!out.write(block)) await once(out, 'drain');
    block = '';
  }
  out.end(block);
  await finished(out);
}
