import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import { seeded } from '../../shared/random.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';
import { launchSoftwareGpu } from '../helpers/chromium.ts';
import { DEFAULT_SIZE, randomCase } from '../helpers/engine-case.ts';
import { engineFiles } from '../helpers/engine-files.ts';
import type { Asked, Question } from '../helpers/engine-worker.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { randomSession } from '../helpers/random-session.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';

declare const promoEdge: PromoEdge;
declare const navigator: { gpu: { requestAdapter(): Promise<object | null> } };

const random = seeded('webgpu');
const of = randomCase(DEFAULT_SIZE, random);
const meta = { session: of.session, head: of.head };
const questions: Question[] = [1, 7, 64].map((length) => ({
  session: randomSession(length, of.rows, random),
  context: Float32Array.from({ length: of.head.contextWidth }, () => random.normal()),
  actions: Float32Array.from({ length: 9 * of.head.actionWidth }, () => random.normal()),
  count: 9,
}));

let page: WorkerPage;
beforeAll(async () => {
  const entry = join(import.meta.dirname, '../helpers/engine-worker.ts');
  page = await openWorkerPage(entry, engineFiles(of), launchSoftwareGpu);
});
afterAll(() => page?.close());

describe('ONNX Runtime on WebGPU (software adapter)', () => {
  it.each(['ort-jspi', 'ort-asyncify'])('agrees with the kernels: %s', async (engine) => {
    await page.ask({ do: 'open', engine, meta });
    const { answers } = await page.ask<Asked>({ do: 'ask', questions, rounds: 1 });
    const kernels = await engineFromFirst(meta, of.first, await compileKernels());
    const unit = of.parameters['head.unit']!.data[1]!;
    for (const [i, { session, context, actions, count }] of questions.entries()) {
      const state = await kernels.encodeSession(session!);
      const q = await kernels.score(Float32Array.of(...state, ...context!), actions!, count!);
      expect(furthest(answers[i]!.state!, state)).toBeLessThan(1e-4);
      expect(furthest(answers[i]!.q!, q)).toBeLessThan(1e-4 * unit);
    }
  });
});

describe('the SDK where WebGPU is software', () => {
  let servers: SdkServers;
  let browser: Browser;

  beforeAll(async () => {
    const [started, launched, fixture] = await Promise.all([
      startSdkServers(),
      launchSoftwareGpu(),
      bundleFixture({ onnx: true }),
    ]);
    [servers, browser] = [started, launched];
    servers.publish(fixture);
    const tag = servers.tag(fixture.key.publicKey, 'data-ort data-poll-ms="2000"');
    servers.pages.set('/', { html: shopPage(tag) });
  });
  afterAll(async () => {
    await browser?.close();
    await servers?.close();
  });

  it('never chooses it: it stays with WebAssembly', async () => {
    const { page, context } = await openPage(browser, servers.page);
    expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) !== null)).toBe(true);
    await tierIs(page, 'ort-wasm');
    expect(servers.requests.filter(({ url }) => /jspi|asyncify|webgpu/.test(url))).toEqual([]);
    await context.close();
  });

  it(
    'goes on with the kernels when a device is lost that it decides on, and comes back to a new one',
    PATIENT,
    async () => {
      servers.alter = (file, code) => `${ALTERED[file] ?? ''}${code}`;
      const { page, context, errors } = await openPage(browser, servers.page);
      await tierIs(page, 'ort-webgpu');
      for (const worker of page.workers())
        await worker.evaluate(() => (globalThis as { device?: { destroy(): void } }).device?.destroy());
      const decision = await page.evaluate(() => promoEdge.decide('cart', { timeout: 60_000 }));
      expect(decision).toMatchObject({ source: 'policy', tier: 'kernels' });
      await tierIs(page, 'ort-webgpu');
      expect(errors).toEqual([]);
      await context.close();
      servers.alter = undefined;
    },
  );
});

/** The adapter is a processor that does other things too. */
const PATIENT = { timeout: 180_000 };

/** A machine whose software adapter passes for a fast card, and which is patient with it. */
const ALTERED: Record<string, string> = {
  'promo-edge-helper.js': `{
    const request = navigator.gpu.requestAdapter.bind(navigator.gpu);
    navigator.gpu.requestAdapter = async (options) => {
      const adapter = await request(options);
      const open = adapter.requestDevice.bind(adapter);
      Object.defineProperties(adapter, {
        info: { value: { vendor: 'test', architecture: 'test', description: 'card' } },
        requestDevice: { value: async (wanted) => (globalThis.device = await open(wanted)) },
      });
      return adapter;
    };
    const now = performance.now.bind(performance);
    performance.now = () => (globalThis.device ? 0 : now());
  }`,
  'promo-edge-worker.js': `{
    const later = setTimeout;
    setTimeout = (work, ms, ...rest) => later(work, ms === 50 ? 60000 : ms, ...rest);
  }`,
};

/** Decides until it is done by that tier. */
const tierIs = (page: Page, wanted: string): Promise<void> =>
  page.evaluate(async (wanted) => {
    for (;;) {
      const { tier } = await promoEdge.decide('cart', { timeout: 60_000 });
      if (tier === wanted) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }, wanted);

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}
