import { join } from 'node:path';
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
import { startSdkServers } from '../helpers/sdk-servers.ts';
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

describe('a software adapter', () => {
  it('is never chosen: the SDK stays with WebAssembly', async () => {
    const [servers, browser, fixture] = await Promise.all([
      startSdkServers(),
      launchSoftwareGpu(),
      bundleFixture({ onnx: true }),
    ]);
    servers.publish(fixture);
    servers.pages.set('/', { html: shopPage(servers.tag(fixture.key.publicKey, 'data-ort')) });
    const { page } = await openPage(browser, servers.page);
    expect(await page.evaluate(async () => (await navigator.gpu.requestAdapter()) !== null)).toBe(true);
    const tier = await page.evaluate(async () => {
      for (;;) {
        const { tier } = await promoEdge.decide('cart', { timeout: 10_000 });
        if (tier?.startsWith('ort')) return tier;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    });
    expect(tier).toBe('ort-wasm');
    expect(servers.requests.filter(({ url }) => /jspi|asyncify|webgpu/.test(url))).toEqual([]);
    await browser.close();
    await servers.close();
  });
});

function furthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - b[i]!)));
}
