import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORT_BYTES, type Report, reportText } from '../../../shared/privacy/report.ts';
import type { Store } from '../../../trainer-server/store/store.ts';
import { storeWithFixture } from '../../helpers/device.ts';
import { NOW, type Served, serveStore } from '../../helpers/served.ts';

let store: Store;
let database: string;
let served: Served;

beforeAll(async () => {
  ({ store, database } = await storeWithFixture());
  served = await serveStore(store);
});
afterAll(() => served.stop());

const REPORT: Report = { format: 1, release: 1, arm: 'canary', bit: 1 };

const post = (body: string, site = 'demo'): Promise<Response> =>
  fetch(`${served.url}/s/${site}/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain', Origin: 'https://shop.example' },
    body,
  });

describe('POST /s/:site/reports', () => {
  it('adds bits up by release, arm and day, and keeps nothing else', async () => {
    const bits: [Report['arm'], 0 | 1][] = [
      ['canary', 1],
      ['canary', 0],
      ['canary', 1],
      ['control', 0],
    ];
    for (const [arm, bit] of bits) {
      const response = await post(reportText({ ...REPORT, arm, bit }));
      expect([response.status, await response.text()]).toEqual([204, '']);
      expect(response.headers.get('access-control-allow-origin')).toBe('*');
    }
    expect(store.privateReports.counts('demo', 1)).toEqual({
      canary: { reports: 3, ones: 2 },
      control: { reports: 1, ones: 0 },
    });
    const db = new Database(database, { readonly: true });
    const rows = db.prepare('select * from private_report order by arm').all();
    db.close();
    const day = Math.floor(NOW / 86_400_000);
    const row = { site: 'demo', release: 1, format: 1, day };
    expect(rows).toEqual([
      { ...row, arm: 'canary', reports: 3, ones: 2 },
      { ...row, arm: 'control', reports: 1, ones: 0 },
    ]);
  });

  it('has one length for every report, which it insists on', async () => {
    const longest: Report = { format: 1, release: 999_999_999_999, arm: 'weighted', bit: 0 };
    expect(reportText(longest)).toHaveLength(REPORT_BYTES);
    expect(reportText(REPORT)).toHaveLength(REPORT_BYTES);
    expect((await post(reportText(REPORT).trimEnd())).status).toBe(400);
    expect((await post(`${reportText(REPORT)} `)).status).toBe(400);
  });

  it.each<[string, object, number, string | undefined]>([
    ['a release that never was', { ...REPORT, release: 99 }, 422, 'release'],
    ['an arm that is none', { ...REPORT, arm: 'all' }, 400, 'arm'],
    ['two bits', { ...REPORT, bit: 3 }, 400, 'bit'],
    ['another format', { ...REPORT, format: 2 }, 400, 'format'],
  ])('refuses %s and counts nothing', async (_what, report, status, field) => {
    const before = store.privateReports.counts('demo', 1);
    const response = await post(JSON.stringify(report).padEnd(REPORT_BYTES));
    expect([response.status, (await response.json()).error.field]).toEqual([status, field]);
    expect(store.privateReports.counts('demo', 1)).toEqual(before);
  });

  it('shows on the status page what they say, and that they are too few', async () => {
    const page = await (await fetch(served.url)).text();
    expect(page).toContain('Private reports');
    expect(page).toContain('3 reports');
    expect(page).toContain('A small shop never has as many');
  });
});
