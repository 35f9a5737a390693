import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';
import type { PromoEdge } from '../../sdk/api.ts';
import type { ServerOptions } from '../../sdk/server/index.ts';
import type { PublicPromotion } from '../../shared/bundle.ts';
import { openPage, shopPage } from '../helpers/open-page.ts';
import { sdkStage } from '../helpers/sdk-stage.ts';

declare const promoEdge: PromoEdge;

/** On a busy machine. */
const PATIENCE = { timeout: 20_000 };
const ROOT = join(import.meta.dirname, '../..');
const PROMOTIONS: PublicPromotion[] = [
  { id: 'kind', terms: { type: 'message' }, creative: { title: 'Ten off', text: 'Today' } },
];

/** What a server decided for everyone. */
const SERVERS = { action: 'two', creative: { title: 'Two off', text: 'For everyone' } };

const stage = sdkStage({ promotions: PROMOTIONS });

/** The blocks of a guide in one language, the shop's own names put in. */
function blocks(guide: string, language: string): string[] {
  const text = readFileSync(join(ROOT, 'sdk/guides', `${guide}.md`), 'utf8');
  const found = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))];
  return found.map(([, code]) =>
    code!
      .replaceAll('https://trainer.example', stage.servers.endpoint)
      .replaceAll('PUBLIC_KEY', stage.fixture.key.publicKey)
      .replaceAll('data-site-key="demo"', 'data-timeout="20000" data-site-key="pk_test"')
      .replaceAll("siteKey = 'demo'", "siteKey = 'pk_test'"),
  );
}

/** A guide's code with a few lines of a shop after it, as a bundler makes one script of both. */
async function bundled(code: string, file: string): Promise<string> {
  const entry = join(ROOT, 'test', file);
  const made = await build({
    ...{ root: ROOT, configFile: false, logLevel: 'silent', mode: 'production' },
    define: { 'process.env.NODE_ENV': '"production"' },
    // The test runner's own environment would have it made for development.
    oxc: { jsx: { runtime: 'automatic', development: false } },
    plugins: [
      {
        name: 'guide',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: { write: false, minify: false, rollupOptions: { input: entry, output: { format: 'iife' } } },
  });
  const [{ output }] = [made].flat() as { output: { code: string }[] }[] as [{ output: { code: string }[] }];
  // Inside a page's own script element.
  return output[0]!.code.replaceAll('</script', '<\\/script');
}

const open = async (body: string, tag = '') => {
  stage.servers.pages.set('/guide', { html: shopPage(tag, body) });
  return openPage(stage.browser, `${stage.servers.page}/guide`);
};
const tag = (): string => stage.servers.tag(stage.fixture.key.publicKey, 'data-timeout="20000"');
/** Every decision shows the promotion. */
const FORCED = `<script>window.promoEdge=[(edge)=>{for(const slot of ['home','cart'])edge.override(slot,'kind')}]</script>`;

describe('the SDK’s guides, as they stand', () => {
  it('plain page: decides, and lets the page draw', async () => {
    const [page1, drawing] = blocks('plain-page', 'html');
    const { page, context, errors } = await open(FORCED + page1 + drawing);
    await expect.poll(() => page.locator('promo-slot').textContent(), PATIENCE).toBe('Ten off (kind)');
    const { events } = await page.evaluate(
      async () => (await promoEdge.exportData()) as { events: object[] },
    );
    expect(events).toMatchObject([{ name: 'view_item', items: [{ sku: 'p1', price: 1250 }] }]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('Google Tag Manager: reads what the container was told, and sends nothing before Consent Mode agrees', async () => {
    const layer = `<script>dataLayer=[];function gtag(){dataLayer.push(arguments)}
      gtag('consent','default',{analytics_storage:'denied',ad_personalization:'granted',personalization_storage:'granted'});
      gtag('event','view_item',{items:[{item_id:'p7'}]});</script>`;
    const [container] = blocks('google-tag-manager', 'html');
    const { page, context, errors } = await open(layer + container);
    const kept = () =>
      page.evaluate(async () => {
        await promoEdge.ready();
        return (await promoEdge.exportData()) as { consent: object; events: { items: object[] }[] };
      });
    await expect
      .poll(async () => (await kept()).consent, PATIENCE)
      .toMatchObject({ personalization: 'granted', measurement: 'denied' });
    expect((await kept()).events).toMatchObject([{ name: 'view_item', items: [{ sku: 'p7' }] }]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('React: the component shows the promotion where its children stood, and hydrates what a server decided', async () => {
    const [component, use] = blocks('react', 'jsx');
    const mount = `import { hydrateRoot } from 'react-dom/client';
      import { renderToString } from 'react-dom/server';
      const page = <>${use}<Promotion slot="cart" initial={${JSON.stringify(SERVERS)}}>x</Promotion></>;
      const root = document.getElementById('root');
      root.innerHTML = renderToString(page);
      hydrateRoot(root, page, { onRecoverableError: (error) => console.error(String(error)) });`;
    const code = await bundled(component! + mount, 'guide.jsx');
    const seen = `<script>promoEdge.push((edge)=>edge.on('exposure',()=>{window.seen=(window.seen??0)+1}))</script>`;
    const root = '<div id="root"></div>';
    const { page, context, errors } = await open(`${FORCED}${seen}${root}<script>${code}</script>`, tag());
    await expect
      .poll(() => page.locator('.promotion').allTextContents(), PATIENCE)
      .toEqual(['Ten off Today', 'Two off For everyone']);
    // The server's is nobody's: it does not count as seen.
    expect(await page.evaluate(() => (globalThis as unknown as { seen: number }).seen)).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('Vue: the component shows its slot, then the promotion, and hydrates what a server decided', async () => {
    const [component] = blocks('vue', 'js');
    const mount = `import { createSSRApp } from 'vue';
      import { renderToString } from 'vue/server-renderer';
      const app = () => createSSRApp(() => [
        h(Promotion, { slot: 'home' }, () => 'Free delivery from 75'),
        h(Promotion, { slot: 'cart', initial: ${JSON.stringify(SERVERS)} }),
      ]);
      renderToString(app()).then((html) => {
        document.getElementById('root').innerHTML = html;
        app().mount('#root');
      });`;
    const code = await bundled(component! + mount, 'guide.js');
    const { page, context, errors } = await open(
      `${FORCED}<div id="root"></div><script>${code}</script>`,
      tag(),
    );
    await expect
      .poll(() => page.locator('.promotion').allTextContents(), PATIENCE)
      .toEqual(['Ten off Today', 'Two off For everyone']);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('Shopify: the script with its Liquid values put in tracks the product and asks Shopify for consent', async () => {
    const [theme] = blocks('shopify', 'html');
    const values: [RegExp, string][] = [
      [/{%.*?%}/g, ''],
      [/{{ cart[^}]*}}/g, '"EUR"'],
      [/{{ [^}]*sku[^}]*}}/g, '"p3"'],
      [/{{ [^}]*price[^}]*}}/g, '12.5'],
    ];
    const filled = values.reduce((text, [place, value]) => text.replace(place, value), theme!);
    const shopify = `<script>Shopify={customerPrivacy:{preferencesProcessingAllowed:()=>true,analyticsProcessingAllowed:()=>false}}</script>`;
    const { page, context } = await open(shopify + filled);
    const kept = await page.evaluate(async () => {
      await promoEdge.ready();
      return promoEdge.exportData();
    });
    expect(kept).toMatchObject({
      consent: { personalization: 'granted', measurement: 'denied' },
      events: [{ name: 'view_item', items: [{ sku: 'p3', price: 1250 }] }],
    });
    await context.close();
  });

  it('WooCommerce: what jQuery announces is put into the cart', async () => {
    const [cart] = blocks('woocommerce', 'html');
    const jquery = `<script>added=[];jQuery=()=>({on:(name,heard)=>added.push(heard)})</script>`;
    const { page, context, errors } = await open(jquery + cart, tag());
    const events = await page.evaluate(async () => {
      await promoEdge.ready();
      const button = { data: (name: string) => (name === 'product_sku' ? 'p5' : '2') };
      (globalThis as unknown as { added: ((...what: unknown[]) => void)[] }).added[0]!({}, {}, '', button);
      return ((await promoEdge.exportData()) as { events: object[] }).events;
    });
    expect(events).toMatchObject([{ name: 'add_to_cart', items: [{ sku: 'p5', quantity: 2 }] }]);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('server: what it decided stays as it wrote it, and the browser decides the rest without showing it twice', async () => {
    const [code] = blocks('server', 'ts');
    const made = (await evaluated(code!)) as {
      shop(
        options: ServerOptions,
        everyones: string[],
        tag: string,
      ): Promise<{ request(path: string): Promise<Response> }>;
    };
    const options = {
      siteKey: 'pk_test',
      endpoint: stage.servers.endpoint,
      keys: [stage.fixture.key.publicKey],
    };
    const app = await made.shop(options, ['kind'], tag());
    const html = await (await app.request('/')).text();
    stage.servers.pages.set('/served', { html });
    const { page, context, errors } = await openPage(stage.browser, `${stage.servers.page}/served`);
    await expect.poll(() => page.locator('[name=cart]').getAttribute('data-decided'), PATIENCE).toBe('none');
    expect(await page.locator('[name=home]').textContent()).toBe('Ten off Today');
    const { decisions } = await page.evaluate(
      async () => (await promoEdge.exportData()) as { decisions: { slot: string }[] },
    );
    expect(decisions.map(({ slot }) => slot)).toEqual(['cart']);
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** A module of TypeScript, run here. */
async function evaluated(code: string): Promise<unknown> {
  const { mkdtemp, rm, writeFile } = await import('node:fs/promises');
  const dir = await mkdtemp(join(ROOT, 'test', '.guide-'));
  await writeFile(join(dir, 'server.ts'), code);
  return import(join(dir, 'server.ts')).finally(() => rm(dir, { recursive: true }));
}
