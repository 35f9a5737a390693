import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Ledger, PRIVACY_LIMITS, spentOf } from '../../shared/privacy/ledger.ts';
import { REPORT_BYTES } from '../../shared/privacy/report.ts';
import { launchChromium } from '../helpers/chromium.ts';

/** What sdk/helper gives a page of this test. */
declare const helper: {
  nextReport(now: number): Promise<number | undefined>;
  prepareReport(
    ask: { release: number; outcomeMs: number; decisions: []; events: [] },
    now: number,
  ): Promise<string | undefined>;
  readLedger(): Promise<Ledger>;
};

const TABS = 20;
const TURNS = 60;
const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 1);

let browser: Browser;
let server: Server;
let url: string;

beforeAll(async () => {
  const folder = join(import.meta.dirname, '../../sdk/helper');
  const entry = 'virtual:helper';
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) =>
          id === entry
            ? `import * as report from '${folder}/report.ts'; import { readLedger } from '${folder}/ledger.ts'; globalThis.helper = { ...report, readLedger };`
            : undefined,
      },
    ],
    build: { write: false, target: 'es2023', rolldownOptions: { input: entry, output: { format: 'es' } } },
  })) as Rolldown.RolldownOutput;
  const { code } = output.output[0];
  server = createServer((request, response) => {
    const script = request.url === '/helper.js';
    response.writeHead(200, { 'content-type': script ? 'text/javascript' : 'text/html' });
    response.end(script ? code : '<!doctype html><script type="module" src="/helper.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await launchChromium();
});

afterAll(async () => {
  await browser?.close();
  server?.close();
});

describe('SAFETY 16: the ledger', () => {
  it('stays under its cap while 20 tabs race for it and the clock goes back and forth', async () => {
    const context = await browser.newContext();
    const tabs = await Promise.all(Array.from({ length: TABS }, () => context.newPage()));
    for (const tab of tabs) {
      await tab.goto(url);
      await tab.waitForFunction(() => 'helper' in globalThis);
    }
    await tabs[0]!.evaluate((start) => helper.nextReport(start), START);
    const race = async ({ start, turns, day }: { start: number; turns: number; day: number }) => {
      const sent: string[] = [];
      for (let turn = 0; turn < turns; turn++) {
        // Four days on from turn to turn, and every third one a year back.
        const now = start + turn * 4 * day - (turn % 3 === 2 ? 365 * day : 0);
        const text = await helper.prepareReport({ release: 7, outcomeMs: 0, decisions: [], events: [] }, now);
        if (text !== undefined) sent.push(text);
      }
      return sent;
    };
    const plan = { start: START, turns: TURNS, day: DAY };
    const sent = (await Promise.all(tabs.map((tab) => tab.evaluate(race, plan)))).flat();
    const ledger = await tabs[0]!.evaluate(() => helper.readLedger());
    await context.close();

    expect(spentOf(ledger)).toBeLessThanOrEqual(PRIVACY_LIMITS.lifetime);
    // The tabs' clocks pass 230 days: the cap, not the week, ended it.
    expect(spentOf(ledger)).toBe(PRIVACY_LIMITS.lifetime);
    expect(sent).toHaveLength(ledger.spent.length);
    for (const text of sent) expect(text).toHaveLength(REPORT_BYTES);
    const times = ledger.spent.map(({ at }) => at);
    for (const [i, at] of times.slice(1).entries()) expect(at - times[i]!).toBeGreaterThanOrEqual(7 * DAY);
  });

  it('is what every tab reads, and survives the end of its browser page', async () => {
    const context = await browser.newContext();
    const first = await context.newPage();
    await first.goto(url);
    await first.waitForFunction(() => 'helper' in globalThis);
    const text = await first.evaluate(async (start) => {
      await helper.nextReport(start);
      return helper.prepareReport(
        { release: 7, outcomeMs: 0, decisions: [], events: [] },
        start + 8 * 86_400_000,
      );
    }, START);
    expect(text).toHaveLength(REPORT_BYTES);
    await first.close();
    const second = await context.newPage();
    await second.goto(url);
    await second.waitForFunction(() => 'helper' in globalThis);
    const ledger = await second.evaluate(() => helper.readLedger());
    expect(ledger).toEqual({ since: START, spent: [{ at: START + 8 * DAY, release: 7, epsilon: 1 }] });
    await context.close();
  });
});
