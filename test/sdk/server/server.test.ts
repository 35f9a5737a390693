import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openServer, type ServerRelease, slotHtml } from '../../../sdk/server/index.ts';
import type { Store } from '../../../trainer-server/store/store.ts';
import { bundleFixture, type Fixture } from '../../helpers/bundle-fixture.ts';
import { storeWithFixture } from '../../helpers/device.ts';
import { type Served, serveStore } from '../../helpers/served.ts';

let store: Store;
let fixture: Fixture;
let trainer: Served;
let release: ServerRelease;

beforeAll(async () => {
  ({ store, fixture } = await storeWithFixture());
  trainer = await serveStore(store);
  release = await openServer({ siteKey: 'demo', endpoint: trainer.url, keys: [fixture.key.publicKey] });
});

afterAll(() => trainer?.stop());

/** One promotion for each of the two slots: which goes where is the release's. */
const BOTH = ['ten-off', 'free-shipping'];

describe('the offers of a server', () => {
  it('are the same for everyone, in the page’s language, no promotion twice', async () => {
    const offers = await release.offers(['home', 'cart'], { eligible: BOTH });
    expect(
      Object.values(offers)
        .map(({ action }) => action)
        .sort(),
    ).toEqual([...BOTH].sort());
    expect(await release.offers(['home', 'cart'], { eligible: BOTH })).toEqual(offers);
    const chinese = await release.offers(['home'], { eligible: ['ten-off'], locale: 'zh-CN' });
    expect(chinese).toMatchObject({
      home: { action: 'ten-off', creative: { title: '减 10', text: '满 30' } },
    });
  });

  it('are none where nothing may be shown, has words, or the release has run out', async () => {
    expect(await release.offers(['home'], { eligible: ['none'] })).toEqual({});
    expect(await release.offers(['home'], { eligible: ['tea-20'] })).toEqual({});
    const { expires } = fixture.signed.signed;
    expect(await release.offers(['home'], { eligible: BOTH, ts: expires })).toEqual({});
  });

  it('come from the next release once there is one, and go on without a trainer', async () => {
    expect(await release.refresh()).toBe(false);
    const next = await bundleFixture({ key: fixture.key, version: 2, seed: 9 });
    for (const [sha256, bytes] of next.files)
      store.releases.addFile({ sha256, mediaType: 'application/octet-stream', bytes });
    store.releases.publish({ site: 'demo', version: 2, manifest: JSON.stringify(next.signed), published: 0 });
    expect([await release.refresh(), release.version]).toEqual([true, 2]);
    await trainer.stop();
    expect([await release.refresh(), release.version]).toEqual([false, 2]);
    expect(Object.keys(await release.offers(['home'], { eligible: BOTH }))).toEqual(['home']);
  });
});

describe('a slot of a server', () => {
  it('carries its offer as text, or the shop’s own words', () => {
    const creative = { title: '<b>Ten</b> & "more"', text: "it's on" };
    expect(slotHtml('home', { action: 'ten-off', creative }, 'x')).toBe(
      '<promo-slot name="home" min-height="64" data-decided="ten-off"><strong>&lt;b&gt;Ten&lt;/b&gt; &amp; &quot;more&quot;</strong> it&#39;s on</promo-slot>',
    );
    expect(slotHtml('cart', undefined, 'Sent <soon>', 80)).toBe(
      '<promo-slot name="cart" min-height="80">Sent &lt;soon&gt;</promo-slot>',
    );
  });
});
