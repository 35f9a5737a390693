import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishBundle } from '../../trainer-server/release/publish.ts';
import { documentedRoutes, pathOf } from '../helpers/routes.ts';
import { bearer, type Served, SHOP_TOKEN, serveStore, signing, smallBundle } from '../helpers/served.ts';

const { store, options } = signing();
let served: Served;
let sha256: string;

beforeAll(async () => {
  const release = await publishBundle(await smallBundle(), options);
  sha256 = JSON.parse(release.manifest).signed.files[0].sha256;
  served = await serveStore(store);
});
afterAll(() => served.stop());

const ask = (method: string, template: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${served.url}${pathOf(template, { site: 'demo', sha256 })}`, {
    method,
    headers: { Cookie: 'session=1', ...headers },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });

describe('the server', () => {
  it('sets no cookie and no validator that could name a device, whatever it answers', async () => {
    const callers = [{}, bearer(store, 'admin', 'Ann'), { Authorization: `Bearer ${SHOP_TOKEN}` }];
    for (const { method, path } of documentedRoutes(store)) {
      for (const headers of callers) {
        const response = await ask(method, path, headers);
        for (const name of ['set-cookie', 'etag', 'last-modified', 'access-control-allow-credentials'])
          expect([path, name, response.headers.get(name)]).toEqual([path, name, null]);
        await response.arrayBuffer();
      }
    }
  });

  it('has no address for a shopper: what browsers ask for names sites, releases, files and keys alone', () => {
    const open = documentedRoutes(store).filter(({ roles }) => roles === undefined);
    const parameters = open.flatMap(({ path }) => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    expect([...new Set(parameters)].sort()).toEqual(['document', 'file', 'sha256', 'site', 'version']);
    expect(open.filter(({ query }) => query !== undefined)).toEqual([]);
  });

  it('answers two devices alike, byte by byte', async () => {
    for (const path of ['/s/{site}/manifest.json', '/b/{sha256}', '/healthz']) {
      const [one, two] = await Promise.all([
        ask('GET', path, { 'User-Agent': 'One/1', 'Accept-Language': 'en', Referer: 'https://a.example/1' }),
        ask('GET', path, { 'User-Agent': 'Two/2', 'Accept-Language': 'zh', Cookie: 'id=2' }),
      ]);
      const shown = async (response: Response) => {
        const headers = [...response.headers].filter(([name]) => name !== 'date');
        return [headers, Buffer.from(await response.arrayBuffer()).toString('hex')];
      };
      expect(await shown(one)).toEqual(await shown(two));
    }
  });
});
