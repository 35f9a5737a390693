import { createHash } from 'node:crypto';
import { symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SignedManifest } from '../../shared/manifest.ts';
import { publishBundle } from '../../trainer-server/release/publish.ts';
import { readSdkFiles } from '../../trainer-server/routes/sdk-files.ts';
import { temporaryFolder } from '../helpers/import-here.ts';
import { bearer, type Served, serveStore, signing, smallBundle } from '../helpers/served.ts';

let served: Served;
let manifest: SignedManifest;
const { store, options } = signing();

beforeAll(async () => {
  const release = await publishBundle(await smallBundle(), options);
  manifest = JSON.parse(release.manifest);
  const sdk = temporaryFolder();
  writeFileSync(join(sdk, 'promo-edge.js'), 'export {};');
  writeFileSync(join(sdk, '.secret.js'), 'no');
  symlinkSync('/etc/hostname', join(sdk, 'link.js'));
  served = await serveStore(store, readSdkFiles(sdk));
});
afterAll(() => served.stop());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${served.url}${path}`, { headers });

/** As `curl --path-as-is`: fetch would tidy the path first. */
function rawGet(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode!);
    })
      .on('error', reject)
      .end();
  });
}

describe('GET /s/:site/manifest.json', () => {
  it('gives the signed manifest as it was published, to every origin', async () => {
    const response = await get('/s/demo/manifest.json', { Origin: 'https://shop.example' });
    expect(await response.json()).toEqual(manifest);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('is never stored and carries no validator that could name a device', async () => {
    const { headers } = await get('/s/demo/manifest.json');
    expect(headers.get('cache-control')).toBe('no-store');
    for (const name of ['etag', 'last-modified', 'set-cookie', 'expires'])
      expect(headers.get(name)).toBeNull();
  });

  it('gives what the site ran at a version, for ever and to every origin', async () => {
    const response = await get('/s/demo/releases/1/manifest.json', { Origin: 'https://shop.example' });
    expect(await response.json()).toEqual(manifest);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    for (const version of ['2', '0', '-1', '1e9'])
      expect((await get(`/s/demo/releases/${version}/manifest.json`)).status).toBe(404);
  });

  it('says that a site has no release, and what a site may be called', async () => {
    const none = await get('/s/other/manifest.json');
    expect([none.status, (await none.json()).error.code]).toEqual([404, 'no-release']);
    const bad = await get('/s/..%2f..%2fetc/manifest.json');
    expect([bad.status, (await bad.json()).error]).toMatchObject([400, { code: 'bad-input', field: 'site' }]);
  });
});

describe('GET /b/:sha256', () => {
  it('gives bytes of that hash, for ever', async () => {
    for (const file of manifest.signed.files) {
      const response = await get(`/b/${file.sha256}`, { 'Accept-Encoding': 'identity' });
      const bytes = Buffer.from(await response.arrayBuffer());
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(file.sha256);
      expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(response.headers.get('etag')).toBeNull();
    }
  });

  it('is packed for whoever takes brotli, and says so', async () => {
    const { sha256, bytes } = manifest.signed.files[0]!;
    const answer = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve) => {
      request(`${served.url}/b/${sha256}`, { headers: { 'Accept-Encoding': 'gzip, br' } }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ encoding: response.headers['content-encoding'], body: Buffer.concat(chunks) }),
        );
      }).end();
    });
    expect(answer.encoding).toBe('br');
    expect(answer.body.length).toBeLessThan(bytes / 4);
    expect(brotliDecompressSync(answer.body).length).toBe(bytes);
    const refused = await get(`/b/${sha256}`, { 'Accept-Encoding': 'br;q=0, identity' });
    expect(refused.headers.get('content-encoding')).toBeNull();
  });

  it('never leaves the table of published files', async () => {
    const costs = createHash('sha256').update('{"secret":1}').digest('hex');
    const paths = [
      `/b/${costs}`,
      `/b/${'0'.repeat(64)}`,
      `/b/${manifest.signed.files[0]!.sha256.toUpperCase()}`,
      '/b/..%2fpromo-edge.sqlite',
      '/b/%2e%2e/keys/release.key',
      '/b/../keys/release.key',
      '/b/__proto__',
      '/b/',
    ];
    for (const path of paths) expect([path, await rawGet(path)]).toEqual([path, 404]);
  });
});

describe('GET /sdk/*', () => {
  it('gives the built files alone: no dot files, no links, no way out', async () => {
    const found = await get('/sdk/promo-edge.js');
    expect(found.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await found.text()).toBe('export {};');
    for (const path of ['/sdk/link.js', '/sdk/.secret.js', '/sdk/..%2fpackage.json', '/sdk/constructor']) {
      expect([path, await rawGet(path)]).toEqual([path, 404]);
    }
  });
});

describe('the server', () => {
  it('answers errors in one form, unknown paths included', async () => {
    const response = await get('/nowhere');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: { code: 'not-found', message: 'nothing at GET /nowhere' },
    });
  });

  it('is healthy and counts what it answers', async () => {
    expect(await (await get('/healthz')).json()).toEqual({ status: 'ok', sites: ['demo'] });
    const metrics = await (await get('/metrics')).text();
    expect(metrics).toContain('promo_edge_release_version{site="demo"} 1');
    expect(metrics).toMatch(/promo_edge_responses_total\{status="404"\} \d+/);
  });

  it('counts orders for the shop alone, not for whoever comes by its public name', async () => {
    const path = '/metrics';
    const named = (headers: Record<string, string>) =>
      new Promise<string>((resolve) => {
        const { hostname, port } = new URL(served.url);
        request({ hostname, port, path, headers: { Host: 'trainer.example', ...headers } }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks).toString()));
        }).end();
      });
    const stranger = await named({});
    expect(stranger).toContain('promo_edge_release_version{site="demo"} 1');
    expect(stranger).not.toMatch(/promo_edge_(orders|trajectories)\{/);
    expect(await named(bearer(store, 'viewer', 'scraper', 'other'))).not.toContain('promo_edge_orders{');
    expect(await named(bearer(store, 'viewer', 'prometheus', 'demo'))).toContain(
      'promo_edge_orders{site="demo"} 0',
    );
    expect(await (await get(path)).text()).toContain('promo_edge_orders{site="demo"} 0');
  });

  it('shows what runs on a page without scripts', async () => {
    const response = await get('/');
    const page = await response.text();
    expect(page).toContain(
      'release 1, published <time datetime="2026-01-01T00:00:00.000Z">2026-01-01 00:00 UTC</time>',
    );
    expect(page).toMatch(/<td>publish<\/td>\s*<td>release 1<\/td>/);
    expect(page).not.toContain('<script');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('says so when its port is taken', async () => {
    const port = Number(new URL(served.url).port);
    await expect(serveStore(store, new Map(), { port })).rejects.toThrow(
      /expected a free port, found \d+, one that another/,
    );
  });
});
