import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FirstMeta } from '../../shared/bundle.ts';
import { siteTypes } from '../../trainer-server/release/site-types.ts';
import { bundleFixture } from '../helpers/bundle-fixture.ts';

const ROOT = join(import.meta.dirname, '../..');
let dir: string;

/** A shop's project beside an installed promo-edge. */
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'promo-edge-types-'));
  await symlink(join(ROOT, 'node_modules'), join(dir, 'node_modules'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** The lines of a shop's code in which the compiler finds something wrong. */
async function linesRefused(code: string, site: string): Promise<string[]> {
  await writeFile(join(dir, 'shop.ts'), `import { init } from '${join(ROOT, 'sdk/index.ts')}';\n${code}`);
  await writeFile(join(dir, 'promo-edge-site.d.ts'), site);
  const options = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--ignoreConfig',
    '--allowImportingTsExtensions',
  ];
  const resolution = ['--module', 'ESNext', '--moduleResolution', 'Bundler', '--target', 'ES2023'];
  const lib = ['--lib', 'ES2023,DOM,DOM.Iterable,DOM.AsyncIterable'];
  const files = [join(dir, 'shop.ts'), join(dir, 'promo-edge-site.d.ts')];
  const compiler = join(ROOT, 'node_modules/.bin/tsc');
  const output = await promisify(execFile)(compiler, [...files, ...options, ...resolution, ...lib], {
    cwd: dir,
  }).then(
    ({ stdout }) => stdout,
    (error: { stdout: string }) => error.stdout,
  );
  const errors = output.split('\n').filter((line) => line.includes('error TS'));
  return errors.map((line) => line.match(/shop\.ts\((\d+),/)?.[1] ?? line);
}

const START = "const edge = init({ siteKey: 's', endpoint: 'https://t.example', keys: [] });\n";

async function firstMeta(): Promise<FirstMeta> {
  const { signed, files } = await bundleFixture();
  const { sha256 } = signed.signed.files.find(({ role }) => role === 'first-meta')!;
  return JSON.parse(new TextDecoder().decode(files.get(sha256)));
}

describe('types of a site', () => {
  it('make the compiler refuse a slot, promotion or attribute that the release does not know', async () => {
    const meta = await firstMeta();
    meta.features.attributes = [
      { name: 'member', kind: 'boolean' },
      { name: 'visit count', kind: 'number', mean: 0, deviation: 1, edges: [] },
      { name: 'device', kind: 'category', values: ['phone', 'desk"top'] },
    ];
    const code = `${START}
      edge.decide('cart', { eligible: ['none', 'tea-20'], attributes: { member: true, 'visit count': 3, device: 'tablet' } });
      edge.override('home', 'ten-off');
      edge.decide('kart');
      edge.override('home', 'twelve-off');
      edge.decide('cart', { attributes: { member: 'yes' } });`;
    expect(await linesRefused(code, siteTypes(meta, 3))).toEqual(['6', '7', '8']);
  });

  it('leave `none` alone where nothing is on offer', async () => {
    const empty = siteTypes({ ...(await firstMeta()), promotions: [] }, 1);
    const code = `${START}
      edge.override('cart', 'none');
      edge.override('cart', 'ten-off');`;
    expect(await linesRefused(code, empty)).toEqual(['5']);
  });
});
