import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { propose, setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { openCoupons } from '../../../trainer-server/coupons/coupons.ts';
import { publishBundle } from '../../../trainer-server/release/publish.ts';
import { FIVE_OFF } from '../../helpers/coupon-shop.ts';
import { bearer, NOW, type Served, serveStore, signing, smallBundle } from '../../helpers/served.ts';

const { store, options } = signing();
let served: Served;

beforeAll(async () => {
  await publishBundle(await smallBundle(), options);
  const coupons = openCoupons(store);
  store.transaction(() => coupons.budgets.set('demo', 'summer', 'EUR', 123_450, NOW));
  coupons.offer('demo', FIVE_OFF, { budget: 'summer' });
  const { token: grant } = await coupons.grant('demo', {}, undefined, NOW);
  await coupons.claim('demo', { grant, promotion: 'five-off' }, NOW);
  served = await serveStore(store);
});
afterAll(() => served.stop());

/** fetch does not let the name of the host be chosen. */
function pageAt(host: string | undefined, headers: Record<string, string> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    const named = host === undefined ? headers : { ...headers, Host: host };
    request({ hostname, port, path: '/', headers: named }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
}

const text = (page: string): string =>
  page
    .replace(/<style>.*<\/style>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ');

describe('the status page', () => {
  it('shows what a budget could still cost, what waits, and the head of the audit log', async () => {
    const page = text(await pageAt(undefined));
    expect(page).toContain('summer 1,234.5 EUR 0 EUR 5 EUR (1 claim) 5 EUR');
    expect(page).toContain('Approvals are off: one person runs this shop');
    expect(page).toContain(`Head of the audit log: ${store.audit.head()}`);
  });

  it('lists proposals once two people are asked for, as text whatever they are called', async () => {
    setFourEyes(store, true, NOW);
    expect(text(await pageAt(undefined))).toContain(
      'Nothing. New promotions, budgets and releases need two people.',
    );
    const name = '<img src=x onerror=alert(1)>';
    propose(store, { site: 'demo', subject: 'promotion', name, body: {} }, 'Ann', NOW);
    const page = await pageAt(undefined);
    expect(page).not.toContain('<img');
    expect(page).toContain('promotion: &lt;img src=x onerror=alert(1)&gt;');
    expect(text(page)).toMatch(/1 promotion: .* Ann 2026-01-01 00:00 UTC/);
  });

  it('keeps money and names from whoever comes over the network without a token', async () => {
    const other = bearer(store, 'viewer', 'Eve', 'other');
    for (const page of [
      await pageAt('shop.example'),
      await pageAt('shop.example', other),
      await pageAt('localhost.evil.example'),
    ]) {
      expect(page).toContain('release 1, published');
      expect(page).not.toMatch(/summer|EUR|Ann|audit log/);
    }
    expect(await pageAt('shop.example', bearer(store, 'viewer', 'Vic', 'demo'))).toContain('summer');
    expect(await pageAt('localhost:8787')).toContain('summer');
  });
});
