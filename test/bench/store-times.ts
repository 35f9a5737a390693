/** How long the device's store takes, in a worker of headless Chromium. */

import { join } from 'node:path';
import type { StoreAnswer, StoreQuestion } from '../helpers/store-worker.ts';
import { openWorkerPage } from '../helpers/worker-page.ts';
import type { Figures } from './bench.ts';

/** The quietest of `rounds` writings of 1,000 events in one batch, each to a new database, and of their readings. */
export async function storeTimes(rounds: number): Promise<Figures> {
  const page = await openWorkerPage(join(import.meta.dirname, '../helpers/store-worker.ts'));
  const now = 1_800_000_000_000;
  const events = Array.from({ length: 1000 }, (_, i) => ({
    visitor: 'device',
    name: 'view_item' as const,
    sku: `p${i}`,
    ts: now - 1000 + i,
  }));
  const ask = (question: StoreQuestion): Promise<StoreAnswer> => page.ask<StoreAnswer>(question);
  const [write, read]: [number[], number[]] = [[], []];
  try {
    for (let round = 0; round < rounds; round++) {
      const site = `bench-${round}`;
      write.push((await ask({ do: 'add', site, now, batches: [events] })).ms);
      read.push((await ask({ do: 'read', site, now, count: 256 })).ms);
    }
  } finally {
    await page.close();
  }
  const least = (times: number[]): number => Math.round(100 * Math.min(...times)) / 100;
  return { store_1000_events_ms: least(write), store_read_256_ms: least(read) };
}
