import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../shared/event.ts';
import type { StoreAnswer, StoreQuestion } from '../helpers/store-worker.ts';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';

const NOW = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;

/** Events `from` to `to`, a second apart, the last ones just before NOW. */
const events = (from: number, to: number, end = NOW): BehaviourEvent[] =>
  Array.from({ length: to - from }, (_, i) => ({
    visitor: 'device',
    name: 'view_item',
    sku: `p${from + i}`,
    ts: end - 1000 * (to - from - i),
  }));
const skus = (answer: StoreAnswer): (string | undefined)[] => answer.events!.map(({ sku }) => sku);
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `p${from + i}`);

let page: WorkerPage;
beforeAll(async () => {
  page = await openWorkerPage(join(import.meta.dirname, '../helpers/store-worker.ts'));
});
afterAll(() => page?.close());

const ask = (question: StoreQuestion): Promise<StoreAnswer> => page.ask<StoreAnswer>(question);

describe('the device store', () => {
  it('gives the last events, oldest first, whatever batches they came in', async () => {
    const site = 'batches';
    const all = events(0, 300);
    await ask({
      do: 'add',
      site,
      now: NOW,
      batches: [all.slice(0, 1), all.slice(1, 8), all.slice(8, 260), all.slice(260)],
    });
    expect(skus(await ask({ do: 'read', site, now: NOW, count: 64 }))).toEqual(numbered(236, 300));
    expect(skus(await ask({ do: 'read', site, now: NOW, count: 1000 }))).toEqual(numbered(0, 300));
  });

  it('gathers many small batches into few, and keeps no more than its retention', async () => {
    const site = 'many';
    const batches = Array.from({ length: 60 }, (_, i) => events(50 * i, 50 * i + 50));
    const { records } = await ask({ do: 'add', site, now: NOW, batches });
    expect(records).toBeLessThanOrEqual(20);
    const kept = skus(await ask({ do: 'read', site, now: NOW, count: 5000 }));
    // Those after the last gathering stand beside the 2,000 that it left.
    expect(kept.length).toBeLessThan(2000 + 17 * 50);
    expect(kept).toEqual(numbered(3000 - kept.length, 3000));
  });

  it('goes on in a new database where the browser has taken the old one away', async () => {
    const all = events(0, 5);
    const answer = await ask({ do: 'add-evicted', site: 'evicted', now: NOW, events: all });
    expect(skus(answer)).toEqual(numbered(1, 5));
  });

  it('forgets what is older than 90 days', async () => {
    const site = 'old';
    await ask({ do: 'add', site, now: NOW, batches: [events(0, 3, NOW - 91 * DAY), events(3, 5)] });
    expect(skus(await ask({ do: 'read', site, now: NOW, count: 10 }))).toEqual(['p3', 'p4']);
    expect(await ask({ do: 'read', site, now: NOW + 91 * DAY, count: 10 })).toMatchObject({ events: [] });
  });

  it('reads on from what an older version of the SDK has written, one record an event', async () => {
    const site = 'upgrade';
    await ask({ do: 'add-singly', site, events: events(0, 30) });
    const { records } = await ask({ do: 'add', site, now: NOW, batches: [events(30, 32)] });
    expect(records).toBe(1);
    expect(skus(await ask({ do: 'read', site, now: NOW, count: 100 }))).toEqual(numbered(0, 32));
  });

  it('lets the older half go where the browser gives no more room, and keeps what is new', async () => {
    const site = 'full';
    await ask({ do: 'add', site, now: NOW, batches: [events(0, 4), events(4, 8), events(8, 12)] });
    await ask({ do: 'add-full', site, now: NOW, events: events(12, 14) });
    expect(skus(await ask({ do: 'read', site, now: NOW, count: 100 }))).toEqual(numbered(8, 14));
  });
});
