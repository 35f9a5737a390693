import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { networkOf } from '../../../trainer-server/access/address.ts';
import { networkNames } from '../../../trainer-server/access/rate-limit.ts';
import { bearer, type Served, serveStore, signing } from '../../helpers/served.ts';

const started: Served[] = [];
afterAll(() => Promise.all(started.map((served) => served.stop())));

const LIMITS = { perNetwork: 5, perToken: 8, refused: 3, reports: 2 };

/** A server behind one proxy of ours, so that tests can come from anywhere. */
async function behindProxy() {
  const { store } = signing();
  const served = await serveStore(store, new Map(), { trustedProxies: 1, limits: LIMITS });
  started.push(served);
  const get = (from: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`${served.url}/healthz`, { headers: { 'X-Forwarded-For': from, ...headers } });
  const statuses = async (count: number, from: string, headers?: Record<string, string>) => {
    const found: number[] = [];
    for (let i = 0; i < count; i++) found.push((await get(from, headers)).status);
    return found;
  };
  return { store, url: served.url, get, statuses };
}

describe('rate limits', () => {
  it('stop one network and say when to come back', async () => {
    const { get, statuses } = await behindProxy();
    expect(await statuses(6, '203.0.113.7')).toEqual([200, 200, 200, 200, 200, 429]);
    const response = await get('203.0.113.7');
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await response.json()).error.code).toBe('rate-limited');
    expect(await statuses(1, '198.51.100.1')).toEqual([200]);
  });

  it('let fewer private reports through than requests, whatever is in them', async () => {
    const { url } = await behindProxy();
    const report = (from: string): Promise<Response> =>
      fetch(`${url}/s/demo/reports`, { method: 'POST', body: '{}', headers: { 'X-Forwarded-For': from } });
    const found: number[] = [];
    for (const from of ['203.0.113.5', '203.0.113.5', '203.0.113.5', '198.51.100.5'])
      found.push((await report(from)).status);
    expect(found).toEqual([400, 400, 429, 400]);
  });

  it('count a token by itself, wherever it is used', async () => {
    const { store, statuses } = await behindProxy();
    const headers = bearer(store, 'viewer', 'Ann');
    expect(await statuses(5, '203.0.113.7', headers)).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(4, '198.51.100.9', headers)).toEqual([200, 200, 200, 429]);
  });

  it('stop who guesses tokens, good ones included', async () => {
    const { store, statuses } = await behindProxy();
    expect(await statuses(4, '203.0.113.8', { Authorization: 'Bearer pe_guess' })).toEqual([
      401, 401, 401, 429,
    ]);
    expect(await statuses(1, '203.0.113.8', bearer(store, 'admin', 'Ann'))).toEqual([429]);
  });

  it('believe only the entry that our own proxy appended', async () => {
    const { statuses } = await behindProxy();
    const found: number[] = [];
    for (let i = 0; i < 6; i++) found.push(...(await statuses(1, `10.0.0.${i}, 203.0.113.9`)));
    expect(found).toEqual([200, 200, 200, 200, 200, 429]);
  });

  it('leave this machine alone where no proxy is declared', async () => {
    const { store } = signing();
    const served = await serveStore(store, new Map(), { limits: { ...LIMITS, perNetwork: 1 } });
    started.push(served);
    const all = await Promise.all([1, 2, 3, 4].map(() => fetch(`${served.url}/healthz`)));
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });
});

describe('names of networks', () => {
  it('are the same within a day, others the next day, and never more than 65,536', () => {
    let now = 0;
    const nameOf = networkNames(() => now);
    const before = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(nameOf);
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(nameOf)).toEqual(before);
    for (const name of before) expect(name).toMatch(/^[0-9a-f]{4}$/);
    now = 24 * 3_600_000;
    // Three of 65,536 names staying the same by chance: 1 in 3e14.
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(nameOf)).not.toEqual(before);
    expect(nameOf(undefined)).toBeUndefined();
  });

  it('are one for a /64 of IPv6, however it is written', () => {
    expect(networkOf('2001:db8::1')).toBe('2001:db8:0:0');
    expect(networkOf('2001:0DB8:0:0:ffff:1:2:3')).toBe('2001:db8:0:0');
    expect(networkOf('2001:db8:0:1::1')).toBe('2001:db8:0:1');
    expect(networkOf('fe80::1%eth0')).toBe('fe80:0:0:0');
    expect(networkOf('::ffff:192.0.2.9')).toBe('192.0.2.9');
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), (one, other) => {
        const groups = networkOf(one).split(':');
        expect(networkOf(networkOf(one).concat('::', other.split(':').at(-1)!.replace(/.*\./, '1')))).toBe(
          groups.join(':'),
        );
      }),
    );
  });
});
