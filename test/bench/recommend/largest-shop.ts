/**
 * `train` at its default settings on the largest shop that it is meant for: 43,097 products with text and 1.2 M events
 * with times, searches, carts and purchases. How long it takes, how much memory, and whether what it says of its progress
 * agrees with the clock.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promoEdge } from '../../helpers/cli.ts';
import { watchFamilyMemory } from '../../helpers/family-memory.ts';
import type { Figures } from '../bench.ts';
import { largeShop } from './large-shop.ts';
import type { LoggedEvent } from './logs.ts';
import { barError, type HeardLine, silenceOf, untoldOf } from './told-progress.ts';

const PRODUCTS = 43_097;
const DAYS = 150;
const [BEGAN, DAY_MS, STEP_MS] = [Date.UTC(2024, 0, 1), 86_400_000, 60_000];

/** @param dir an empty folder */
export async function largestShopFigures(dir: string, say: (line: string) => void): Promise<Figures> {
  const [data, out] = [join(dir, 'data'), join(dir, 'bundle')];
  await mkdir(data);
  const { products, events } = largestShop();
  await writeLines(join(data, 'products.jsonl'), products);
  await writeLines(join(data, 'events.jsonl'), events);
  say(`${products.length} products, ${events.length} events`);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  const heard: HeardLine[] = [];
  let memory: ReturnType<typeof watchFamilyMemory> | undefined;
  const { code, err } = await promoEdge(['train', '--data', data, '--out', out], [], (child) => {
    memory = watchFamilyMemory(child.pid!);
    child.stderr!.on('data', (chunk: Buffer) => {
      for (const text of chunk.toString('utf8').split('\n').filter(Boolean)) {
        heard.push({ at: seconds(), text });
        say(`  ${seconds().toFixed(0).padStart(5)} s  ${text}`);
      }
    });
  });
  const took = seconds();
  memory!.stop();
  if (code !== 0) throw new Error(`train ended with ${code}: ${err.split('\n').slice(-5).join('\n')}`);
  return {
    largest_products: products.length,
    largest_events: events.length,
    largest_train_s: took,
    largest_peak_mb: memory!.peak() / 2 ** 20,
    largest_silence_s: silenceOf(heard, took),
    largest_untold_s: untoldOf(heard, took),
    largest_bar_error: barError(heard),
  };
}

function largestShop(): { products: { sku: string; title: string }[]; events: object[] } {
  const { products, events: visits } = largeShop(PRODUCTS);
  const titles = new Map(products.map(({ sku, title }) => [sku, title]));
  const sessions = new Map<string, LoggedEvent[]>();
  for (const visit of visits) {
    const own = sessions.get(visit.session!);
    if (own === undefined) sessions.set(visit.session!, [visit]);
    else own.push(visit);
  }
  const every = (DAYS * DAY_MS) / sessions.size;
  const events = [...sessions.values()].flatMap((visit, s) => shopped(visit, s, BEGAN + s * every, titles));
  return { products, events };
}

/** A visit with times; every second one begins with a search, and who buys puts everything into the cart first. */
function shopped(
  visit: readonly LoggedEvent[],
  place: number,
  began: number,
  titles: ReadonlyMap<string, string>,
): object[] {
  const { visitor, session, sku = '' } = visit[0]!;
  const word = titles.get(sku)?.split(' ')[0] ?? '';
  const searched = place % 2 === 0 && word !== '' ? [{ visitor, session, name: 'search', query: word }] : [];
  const bought = visit.flatMap(({ items }) => items ?? []);
  const carted = bought.map((item) => ({ visitor, session, name: 'add_to_cart', sku: item.sku }));
  const viewed = visit.filter(({ name }) => name === 'view_item');
  const purchased = visit.filter(({ name }) => name === 'purchase');
  return [...searched, ...viewed, ...carted, ...purchased].map((event, i) => ({
    ...event,
    ts: Math.round(began + i * STEP_MS),
  }));
}

async function writeLines(path: string, rows: readonly object[]): Promise<void> {
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
