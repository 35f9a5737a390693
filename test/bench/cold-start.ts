/** From the script tag to the first neural decision, in headless Chromium with a fresh profile each time. */

import type { Browser, Page } from 'playwright-core';
import type { PromoEdge } from '../../sdk/api.ts';
import { STAGES, TIMELINE, type Timeline } from '../../sdk/worker/timeline.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import { launchChromium } from '../helpers/chromium.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { slowLine } from '../helpers/slow-line.ts';
import type { Bench, Figures } from './bench.ts';

declare const promoEdge: PromoEdge;

/** 9 Mbit/s and 85 ms: "regular 4G". */
const SLOW = { latencyMs: 85, bytesPerS: 9e6 / 8 };
const DECISIONS = 50;
/** A window that has just been opened builds its own surface in a process beside the page's, which no shopper waits for. */
const SETTLING_MS = 1000;
/** By then a page has its idle group and has written down what it decided: a shopper who stays as long leaves it at rest. */
const RESTING_MS = 3000;

interface Measures {
  firstMs: number;
  longTasks: number;
  layoutShift: number;
  /** Milliseconds from the script tag to each mark of the worker (sdk/worker/timeline.ts). */
  stages: Record<string, number>;
}

export const bench: Bench = {
  summary:
    'script tag to first neural decision: cold, warm, on a slow line, on ONNX Runtime; cost on the page',
  async run({ quick, say }) {
    const runs = quick ? 3 : 11;
    const [servers, browser, fixture] = await Promise.all([
      startSdkServers(),
      launchChromium(),
      bundleFixture({ onnx: true }),
    ]);
    servers.publish(fixture);
    const line = slowLine(SLOW);
    try {
      const near = { page: servers.page, endpoint: servers.endpoint };
      const far = { page: await line.through(near.page), endpoint: await line.through(near.endpoint) };
      layPages(servers, fixture, near.endpoint, '');
      await visits(browser, near.page, 1);
      const loaded = await visits(browser, near.page, runs);
      layPages(servers, fixture, near.endpoint, 'data-ort');
      const ort = await ortTimes(browser, near.page, quick ? 1 : 5);
      layPages(servers, fixture, far.endpoint, '');
      const slow = await visits(browser, far.page, quick ? 2 : 7);
      const figures: Figures = {
        cold_ms: median(loaded.map(({ cold }) => cold.firstMs)),
        warm_ms: median(loaded.map(({ warm }) => warm.firstMs)),
        warm_at_once_ms: median(loaded.map(({ atOnce }) => atOnce.firstMs)),
        slow_9mbit_cold_ms: median(slow.map(({ cold }) => cold.firstMs)),
        long_tasks: Math.max(...loaded.map(({ cold, warm }) => cold.longTasks + warm.longTasks)),
        main_thread_ms: median(loaded.map(({ mainThreadMs }) => mainThreadMs)),
        layout_shift: Math.max(...loaded.map(({ cold, warm }) => cold.layoutShift + warm.layoutShift)),
        ort_cold_ms: median(ort),
        ...stagesOf(
          'cold',
          loaded.map(({ cold }) => cold),
        ),
        ...stagesOf(
          'warm',
          loaded.map(({ warm }) => warm),
        ),
        runs,
      };
      const range = (values: number[]): string => `${Math.min(...values)} to ${Math.max(...values)} ms`;
      say(
        `cold ${range(loaded.map(({ cold }) => cold.firstMs))}, warm ${range(loaded.map(({ warm }) => warm.firstMs))}`,
      );
      say('warm_ms: the page before was at rest; warm_at_once_ms: it was still fetching and writing');
      say(`main_thread_ms: the page's script time over a load and ${DECISIONS} decisions`);
      say('ort_cold_ms: until ONNX Runtime, loaded when idle, has taken over and decided');
      return figures;
    } finally {
      line.close();
      await browser.close();
      await servers.close();
    }
  },
};

/** One page, which decides as soon as it can and says when that was. */
function layPages(servers: SdkServers, fixture: Fixture, endpoint: string, attributes: string): void {
  const tag = servers.tag(fixture.key.publicKey, attributes).replaceAll(servers.endpoint, endpoint);
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">
<style>promo-slot{display:block;min-height:64px}</style>
<script>
longTasks=0;shift=0;
new PerformanceObserver(l=>{longTasks+=l.getEntries().length}).observe({type:'longtask',buffered:true});
new PerformanceObserver(l=>{for(const e of l.getEntries())shift+=e.value}).observe({type:'layout-shift',buffered:true});
promoEdge=[];began=performance.now();
first=new Promise(done=>promoEdge.push(async p=>{
  p.track('view_item',{items:[{item_id:'p7',price:3.5}]});
  const d=await p.decide('cart',{timeout:60000});
  done({ms:performance.now()-began,source:d.source});
}));
</script>${tag}</head><body><h1>Shop</h1><promo-slot name="home" min-height="64">Welcome</promo-slot><p>Below</p></body></html>`;
  servers.pages.set('/', { html });
}

async function visits(browser: Browser, url: string, runs: number) {
  const all: { cold: Measures; atOnce: Measures; warm: Measures; mainThreadMs: number }[] = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.waitForTimeout(SETTLING_MS);
    const cold = await load(page, url);
    const session = await context.newCDPSession(page);
    await session.send('Performance.enable');
    await page.evaluate(async (count) => {
      for (let i = 0; i < count; i++) {
        promoEdge.track('view_item', { items: [{ item_id: `p${i}` }] });
        await promoEdge.decide('cart', { timeout: 60_000 });
      }
    }, DECISIONS);
    const { metrics } = await session.send('Performance.getMetrics');
    const mainThreadMs = 1000 * metrics.find(({ name }) => name === 'ScriptDuration')!.value;
    const atOnce = await load(page, url);
    await page.waitForTimeout(RESTING_MS);
    all.push({ cold, atOnce, warm: await load(page, url), mainThreadMs: rounded(mainThreadMs) });
    await context.close();
  }
  return all;
}

async function load(page: Page, url: string): Promise<Measures> {
  await page.goto(url);
  const seen = await page.evaluate(async () => {
    const globals = globalThis as unknown as {
      first: Promise<{ ms: number; source: string }>;
      longTasks: number;
      shift: number;
    };
    const { ms, source } = await globals.first;
    if (source !== 'policy') throw new Error(`expected a decision of the policy, got the ${source}`);
    // Long tasks and shifts are told a little later than they happen.
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { firstMs: Math.round(10 * ms) / 10, longTasks: globals.longTasks, layoutShift: globals.shift };
  });
  return { ...seen, stages: await marksOf(page) };
}

/** Of the worker that decides, on the clock of the page; its helper has none. */
async function marksOf(page: Page): Promise<Record<string, number>> {
  const zero = await page.evaluate(
    () => performance.timeOrigin + (globalThis as unknown as { began: number }).began,
  );
  const timelines = await Promise.all(
    page
      .workers()
      .map((worker) => worker.evaluate((name) => (globalThis as never)[name] as Timeline, TIMELINE)),
  );
  const stages = Object.entries(Object.assign({}, ...timelines) as Timeline);
  return Object.fromEntries(stages.map(([stage, at]) => [stage, rounded(at - zero)]));
}

/** Medians, of the stages that every one of these loads went through. */
function stagesOf(kind: string, loads: readonly Measures[]): Figures {
  const figures: Figures = {};
  for (const stage of STAGES) {
    const times = loads.flatMap(({ stages }) => stages[stage] ?? []);
    if (times.length === loads.length) figures[`${kind}_${stage}_ms`] = median(times);
  }
  return figures;
}

async function ortTimes(browser: Browser, url: string, runs: number): Promise<number[]> {
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(url);
    const ms = await page.evaluate(async () => {
      const { began } = globalThis as unknown as { began: number };
      for (;;) {
        const { tier } = await promoEdge.decide('cart', { timeout: 60_000 });
        if (tier === 'ort-wasm') return performance.now() - began;
        if (performance.now() > 60_000)
          throw new Error(`expected tier ort-wasm within a minute, got ${tier}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    });
    times.push(rounded(ms));
    await context.close();
  }
  return times;
}

const rounded = (ms: number): number => Math.round(10 * ms) / 10;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
