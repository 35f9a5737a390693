import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDuckDb } from '../../../trainer-server/dataset/duckdb.ts';
import { CLEANING, runStage, writeSettings } from '../../../trainer-server/dataset/stages.ts';
import { packageRoot } from '../../../trainer-server/package-root.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

interface Event {
  visitor?: string;
  session?: string;
  ts?: number | null;
  name?: string;
  body?: string;
  old?: 0 | 1;
  amount?: number;
}

const T = Date.UTC(2025, 0, 1);
const MINUTE = 60_000;
const STAGES = [
  '05-time-unit',
  '10-exact-duplicates',
  '20-near-duplicates',
  '30-impossible-values',
  '40-robots',
  '50-sessions',
];

/** Runs every stage over the events; gives the places (from 0) and sessions of those that are left. */
async function clean(events: readonly Event[]): Promise<{ place: number; session: string }[]> {
  const engine = await openDuckDb(temporaryFolder());
  try {
    await runStage(engine, '00-tables');
    const rows = await engine.appender('event');
    events.forEach(
      ({ visitor = 'v', session, ts = T, name = 'view_item', body = '{}', old = 0, amount }, place) => {
        rows.add([
          place,
          old,
          'f',
          place + 1,
          visitor,
          session ?? null,
          ts,
          name,
          amount ?? null,
          null,
          null,
          body,
        ]);
      },
    );
    rows.close();
    await writeSettings(engine, { ...CLEANING, robot_events_per_hour: 5, latest: T + 24 * 60 * MINUTE });
    for (const stage of STAGES) await runStage(engine, stage);
    const left: { place: number; session: string }[] = [];
    for await (const block of engine.rows('select seq, session from event_clean order by seq')) {
      for (const row of block) left.push({ place: row.seq as number, session: row.session as string });
    }
    return left;
  } finally {
    engine.close();
  }
}

const places = async (events: readonly Event[]): Promise<number[]> =>
  (await clean(events)).map(({ place }) => place);
const sessions = async (events: readonly Event[]): Promise<string[]> =>
  (await clean(events)).map(({ session }) => session);

describe('cleaning stages', () => {
  it('drop an event told twice, but not another visitor, another content, or two events without a time', async () => {
    const events = [{}, {}, { visitor: 'w' }, { body: '{"sku":"A"}' }, { ts: null }, { ts: null }];
    expect(await places(events)).toEqual([0, 2, 3, 4, 5]);
  });

  it('drop the echo of an event within half a second, and count from each to the next', async () => {
    const at = (ms: number) => ({ ts: T + ms });
    expect(await places([at(0), at(499), at(998), at(1498)])).toEqual([0, 3]);
    expect(await places([at(0), at(500)])).toEqual([0, 1]);
  });

  it('never treat an order as a clock', async () => {
    const events = [{ ts: 1 }, { ts: 2 }, { ts: 3 }, { ts: 4 }, { ts: 5 }, { ts: 6 }];
    expect(await clean(events)).toEqual([0, 1, 2, 3, 4, 5].map((place) => ({ place, session: 'v' })));
  });

  it('read a source that counts seconds as what it is, and leave what the folder held alone', async () => {
    const seconds = (minutes: number): number => (T + minutes * MINUTE) / 1000;
    const events = [{ ts: T, old: 1 as const }, { ts: seconds(10) }, { ts: seconds(41) }];
    const [held, near, far] = await sessions(events);
    expect(near).toBe(held);
    expect(far).not.toBe(near);
    const mixed = [{ ts: seconds(0) }, { ts: seconds(41) }, { ts: T, visitor: 'w' }];
    expect(await sessions(mixed)).toEqual(['v', 'v', expect.stringMatching(/^w:/)]);
  });

  it('refuse what lies in the future or costs less than nothing', async () => {
    expect(
      await places([{ ts: T + 25 * 60 * MINUTE }, { amount: -1 }, { amount: 0, body: '{"value":0}' }]),
    ).toEqual([2]);
  });

  it('drop a visitor who sees more in an hour than a person can, unless there was a cart', async () => {
    const looks = (visitor: string) =>
      [1, 2, 3, 4, 5].map((minute) => ({ visitor, ts: T + minute * MINUTE }));
    const events = [
      ...looks('robot'),
      ...looks('buyer'),
      { visitor: 'buyer', name: 'add_to_cart' },
      ...looks('x').slice(1),
    ];
    expect(await places(events)).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  });

  it('end a session after more than 30 minutes of pause', async () => {
    const events = [
      { ts: T },
      { ts: T + 30 * MINUTE },
      { ts: T + 60 * MINUTE + 1 },
      { visitor: 'w', ts: T + MINUTE },
    ];
    expect(await sessions(events)).toEqual([
      `v:${T}`,
      `v:${T}`,
      `v:${T + 60 * MINUTE + 1}`,
      `w:${T + MINUTE}`,
    ]);
  });

  it('keep the sessions that the source names, and lend their name to what stands beside', async () => {
    const events = [{ ts: T, session: 's1' }, { ts: T + MINUTE }, { ts: T + 90 * MINUTE }];
    expect(await sessions(events)).toEqual(['s1', 's1', `v:${T + 90 * MINUTE}`]);
  });

  it('never drop a row that the folder held before', async () => {
    const events: Event[] = [{ old: 1 }, { old: 1 }, {}, { old: 1, ts: T + 25 * 60 * MINUTE }];
    expect(await places(events)).toEqual([0, 1, 3]);
  });
});

describe('the SQL of the stages', () => {
  const folder = join(packageRoot(), 'trainer-server/dataset/stages');
  const files = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.sql'));

  it('never gives a column the name of another one, which ClickHouse would read as an alias', () => {
    // `select j as i, i as j`: standard SQL swaps two columns, ClickHouse resolves the second i to the first alias.
    const swap = /\bselect\b[^;]*?\b(\w+)\.(\w+) as (\w+)[^;]*?\b\1\.\3 as \2\b/i;
    for (const name of files) {
      const text = readFileSync(join(folder, name), 'utf8');
      expect([name, swap.test(text)]).toEqual([name, false]);
    }
    expect(files.length).toBeGreaterThan(8);
  });

  it('names stages instead of reusing common table expressions', () => {
    for (const name of files) expect(readFileSync(join(folder, name), 'utf8')).not.toMatch(/^\s*with\s/im);
  });
});
