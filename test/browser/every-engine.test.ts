/** What must hold in every browser engine: the same suite in Chromium, Firefox and WebKit, where they are installed. */

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionRecord } from '../../sdk/worker/record.ts';
import { trajectoryBatchSchema } from '../../shared/feedback.ts';
import { bundleFixture, type Fixture } from '../helpers/bundle-fixture.ts';
import type { Engine, EngineKind, EnginePage } from '../helpers/engines/engine.ts';
import { keptKeys, vectorOf, visit } from '../helpers/engines/in-page.ts';
import { ENGINES } from '../helpers/engines/index.ts';
import { differenceTo, type Kept, views } from '../helpers/kept-decision.ts';
import { releaseForNewcomers, shownItem } from '../helpers/newcomers.ts';
import { type SdkServers, startSdkServers } from '../helpers/sdk-servers.ts';
import { signManifest } from '../helpers/signing.ts';

declare const promoEdge: import('../../sdk/api.ts').PromoEdge;
/** What went wrong on the page. */
declare const wrong: string[];

let servers: SdkServers;
let fixture: Fixture;
/** Made once, by the first engine that asks. */
let newcomers: ReturnType<typeof releaseForNewcomers> | undefined;

beforeAll(async () => {
  [servers, fixture] = await Promise.all([startSdkServers(), bundleFixture()]);
});
afterAll(() => servers?.close());

const WATCH = `<script>wrong=[];addEventListener('error',e=>wrong.push(e.message));
  addEventListener('unhandledrejection',e=>wrong.push(String(e.reason)));
  document.addEventListener('securitypolicyviolation',e=>wrong.push(e.violatedDirective+' '+e.blockedURI))</script>`;

/** Lays a page whose first scripts are `before`, and gives its address. */
function lay(path: string, attributes = '', before = '', csp?: string): string {
  const html = `<!doctype html><html lang="en"><head><link rel="icon" href="data:,">${WATCH}${before}${servers.tag(
    fixture.key.publicKey,
    `data-report-ms="100" data-outcome-ms="300" ${attributes}`,
  )}</head><body><promo-slot name="home" min-height="64"></promo-slot></body></html>`;
  servers.pages.set(path, {
    html,
    ...(csp === undefined ? {} : { headers: { 'content-security-policy': csp } }),
  });
  return servers.page + path;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A driver that leaves a question unanswered is asked again sooner than elsewhere. */
const DRIVEN = { timeout: 60_000 };

describe.each(ENGINES.map((kind) => [kind.name, kind] as const))(
  'in %s',
  DRIVEN,
  (_name, kind: EngineKind) => {
    if (!kind.installed()) {
      it.skip(`is not installed: ${kind.install}`, () => undefined);
      return;
    }
    let engine: Engine;

    beforeAll(async () => {
      engine = await kind.launch();
    });
    afterAll(() => engine?.close());
    const opened = async <T>(url: string, work: (page: EnginePage) => Promise<T>): Promise<T> => {
      const page = await engine.open();
      try {
        await page.goto(url);
        return await work(page);
      } finally {
        await page.close();
      }
    };

    it('decides by the small kernels under a strict content security policy, and nothing goes wrong', async () => {
      servers.publish(fixture);
      const csp = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline' ${servers.endpoint}/sdk/promo-edge.js 'wasm-unsafe-eval'; worker-src blob:; connect-src ${servers.endpoint}; require-trusted-types-for 'script'; trusted-types promo-edge`;
      const seen = await opened(lay('/strict', '', '', csp), (page) => page.evaluate(visit));
      expect(seen.wrong).toEqual([]);
      expect(seen.ready.tier).toBe('kernels');
      expect(seen.decision).toMatchObject({ source: 'policy', tier: 'kernels', release: 1 });
    });

    it('gives the values that the same release gives in Node', async () => {
      servers.publish(fixture);
      const { decisions } = await opened(lay('/parity'), async (page) => {
        await page.evaluate(visit);
        return page.evaluate(() => promoEdge.exportData() as Promise<{ decisions: Kept[] }>);
      });
      const kept = decisions.find(({ slot }) => slot === 'cart')!;
      const differences = await Promise.all((await views(fixture)).map((view) => differenceTo(kept, view)));
      expect(Math.min(...differences)).toBeLessThan(1e-4);
    });

    it('sends nothing without consent; with it, each decision once', async () => {
      servers.publish(fixture);
      servers.requests.length = 0;
      await opened(lay('/consent'), async (page) => {
        await page.evaluate(visit);
        await pause(800);
        expect(posts()).toEqual([]);
        await page.evaluate(() => promoEdge.setConsent({ measurement: true }));
        await page.evaluate(visit);
        await expect.poll(posts, { timeout: 10_000 }).toHaveLength(1);
        await pause(500);
      });
      const batches = posts().map((body) => v.parse(trajectoryBatchSchema, JSON.parse(body)));
      expect(batches.flatMap(({ trajectories }) => trajectories.map(({ slot }) => slot))).toEqual(['cart']);
    });

    it('sends nothing where Global Privacy Control says so, or consent is withdrawn', async () => {
      servers.publish(fixture);
      servers.requests.length = 0;
      const gpc = `<script>Object.defineProperty(navigator,'globalPrivacyControl',{value:true,configurable:true})</script>`;
      await opened(lay('/gpc', '', gpc), async (page) => {
        await page.evaluate(() => promoEdge.push((edge) => edge.setConsent({ measurement: true })));
        await page.evaluate(visit);
        await pause(800);
      });
      await opened(lay('/withdrawn'), async (page) => {
        await page.evaluate(() => promoEdge.push((edge) => edge.setConsent({ measurement: true })));
        await page.evaluate(visit);
        await page.evaluate(() => promoEdge.setConsent({ measurement: false }));
        await pause(800);
      });
      expect(posts()).toEqual([]);
    });

    it('sends the same bytes to the endpoint for two different shoppers', async () => {
      servers.publish(fixture);
      const url = lay('/traffic');
      const traffic = async (shop: () => Promise<unknown>): Promise<string[]> => {
        const from = servers.requests.length;
        await opened(url, async (page) => {
          await page.evaluate(visit);
          await page.evaluate(shop);
          await pause(3500);
        });
        return servers.requests.slice(from).map((request) => JSON.stringify(request));
      };
      const buyer = await traffic(async () => {
        for (let i = 0; i < 20; i++) promoEdge.track('view_item', { items: [{ item_id: `p${2 * i}` }] });
        promoEdge.exposed((await promoEdge.decide('checkout')).id);
        promoEdge.track('purchase', { value: 99.5, items: [{ item_id: 'p4', quantity: 3 }] });
        await promoEdge.search('mugs');
      });
      const bouncer = await traffic(async () => promoEdge.forget());
      expect(buyer.length).toBeGreaterThan(5);
      expect(bouncer.toSorted()).toEqual(buyer.toSorted());
    });

    it('believes no release whose bytes were changed, nor one that is older or expired', async () => {
      const other = await bundleFixture({ key: fixture.key, seed: 2 });
      const url = lay('/trust');
      const decideBy = () => opened(url, (page) => page.evaluate(visit));
      servers.publish(other);
      const file = other.signed.signed.files.find(({ role }) => role === 'first-tensors')!;
      const changed = other.files.get(file.sha256)!.slice();
      changed[changed.length - 1]! ^= 1;
      servers.files.set(file.sha256, changed);
      expect((await decideBy()).decision.source).toBe('default');
      servers.files.set(file.sha256, other.files.get(file.sha256)!);
      servers.manifest = JSON.stringify(other.signed).replace('"canaryShare":1', '"canaryShare":0.9');
      expect((await decideBy()).decision.source).toBe('default');
      const expired = await signManifest({ ...other.signed.signed, expires: Date.now() - 1 }, [fixture.key]);
      servers.manifest = JSON.stringify(expired);
      expect((await decideBy()).decision.source).toBe('default');
      servers.publish(other);
      expect((await decideBy()).decision.source).toBe('policy');
    });

    it.each<[string, string]>([
      ['no IndexedDB', "Object.defineProperty(globalThis, 'indexedDB', { value: undefined });"],
      [
        'IndexedDB that throws',
        "indexedDB.open = () => { throw new DOMException('blocked', 'SecurityError'); };",
      ],
      [
        'IndexedDB that never answers',
        'indexedDB.open = () => ({ addEventListener() {}, set onsuccess(_) {} });',
      ],
      ['no WebAssembly', "Object.defineProperty(globalThis, 'WebAssembly', { value: undefined });"],
    ])('decides all the same with %s', async (_what, fault) => {
      servers.publish(fixture);
      servers.alter = (name, code) => (name === 'promo-edge.js' ? code : `${fault}\n${code}`);
      const seen = await opened(lay('/fault'), (page) => page.evaluate(visit)).finally(() => {
        servers.alter = undefined;
      });
      expect(seen.decision.source).toBe('policy');
      expect(seen.wrong).toEqual([]);
    });

    it('keeps its release again at once where its database is taken away, and decides by it offline', async () => {
      servers.publish(fixture);
      await opened(lay('/evicted'), async (page) => {
        await page.evaluate(visit);
        const kept = () => page.evaluate(keptKeys);
        await expect.poll(kept, { timeout: 10_000 }).toEqual(['manifest', 'seen']);
        await page.evaluate(
          () =>
            new Promise<void>((resolve) => {
              indexedDB.deleteDatabase('promo-edge:pk_test').onsuccess = () => resolve();
            }),
        );
        await expect.poll(kept, { timeout: 10_000 }).toEqual(['manifest', 'seen']);
        servers.manifest = undefined;
        await page.goto(lay('/evicted'));
        expect((await page.evaluate(visit)).decision).toMatchObject({ source: 'policy', release: 1 });
      });
    });

    it('goes on deciding on a page out of the back-forward cache, with what was done on the page between', async (test) => {
      servers.publish(fixture);
      const remember =
        '<script>addEventListener("pageshow",(event)=>{window.restored=event.persisted})</script>';
      for (const path of ['/first', '/second']) {
        lay(path, '', remember);
        // A page that may not be stored is never kept alive either.
        servers.pages.get(path)!.headers = { 'cache-control': 'max-age=0' };
      }
      await opened(`${servers.page}/first`, async (page) => {
        await page.evaluate(visit);
        await page.goto(`${servers.page}/second`);
        await page.evaluate(visit);
        await page.evaluate(() => promoEdge.exportData());
        await page.back();
        await expect.poll(() => page.evaluate(() => location.pathname)).toBe('/first');
        const restored = await page.evaluate(() => (globalThis as unknown as { restored: boolean }).restored);
        if (!restored)
          test.skip(
            `${kind.name} keeps no page alive as it is driven here; Chromium does in back-forward.test.ts`,
          );
        const seen = await page.evaluate(async () => {
          const { id, source } = await promoEdge.decide('cart', { timeout: 10_000 });
          const { decisions } = (await promoEdge.exportData()) as { decisions: DecisionRecord[] };
          const { history } = decisions.find((kept) => kept.id === id)!.request;
          return { source, looks: history.filter(({ name }) => name === 'view_item').length, wrong };
        });
        expect(seen).toEqual({ source: 'policy', looks: 2, wrong: [] });
      });
    });

    it('places a product that the release has no row for by what the page shows, in any language', async () => {
      newcomers ??= releaseForNewcomers(fixture.key);
      const { release, vectors } = await newcomers;
      servers.publish(release);
      await opened(lay('/newcomers'), async (page) => {
        for (const { product, expected, wordless } of vectors) {
          const { int8, scale } = await page.evaluate(vectorOf, shownItem(product));
          const away = expected.map((value, i) => Math.abs(value - int8[i]! * scale));
          // The kernels round activations to 7 bits; int8 is half a step more.
          expect(Math.max(...away)).toBeLessThan(0.02);
          // Without its words it would stand somewhere else.
          const moved = expected.map((value, i) => Math.abs(value - wordless[i]!));
          expect(Math.max(...moved)).toBeGreaterThan(0.1);
        }
        const { decision, wrong: faults } = await page.evaluate(visit);
        expect(decision).toMatchObject({ source: 'policy', tier: 'kernels' });
        expect(faults).toEqual([]);
      });
    });

    it('gives the default in time where the worker hangs', async () => {
      servers.alter = (name, code) => (name === 'promo-edge.js' ? code : `for (;;) {}\n${code}`);
      const { decision, took } = await opened(lay('/hang'), (page) =>
        page.evaluate(async () => {
          while (!('promoEdge' in globalThis) || Array.isArray(promoEdge))
            await new Promise((next) => setTimeout(next, 20));
          const began = performance.now();
          const decision = await promoEdge.decide('cart', { fallback: 'free-shipping' });
          return { decision, took: performance.now() - began };
        }),
      ).finally(() => {
        servers.alter = undefined;
      });
      expect(decision).toMatchObject({
        source: 'default',
        action: 'free-shipping',
        reasons: [{ code: 'timeout' }],
      });
      expect(took).toBeLessThan(1000);
    });

    it('gives the default where the endpoint is gone, and says so without an error', async () => {
      servers.publish(fixture);
      const url = lay('/gone');
      const page = servers.pages.get('/gone')!;
      page.html = page.html.replace('data-endpoint="http://127.0.0.1', 'data-endpoint="http://127.0.0.2');
      const seen = await opened(url, (shopper) => shopper.evaluate(visit));
      expect(seen.ready.tier).toBeUndefined();
      expect(seen.decision.source).toBe('default');
      expect(seen.wrong).toEqual([]);
    });
  },
);

const posts = (): string[] =>
  servers.requests.filter(({ method }) => method === 'POST').map(({ body }) => body);
