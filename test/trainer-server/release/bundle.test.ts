import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  type BundleDraft,
  checkBundleFolder,
  openBundle,
  writeBundle,
} from '../../../trainer-server/release/bundle.ts';
import { MANIFEST } from '../../helpers/manifest-draft.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const DRAFT: BundleDraft = {
  manifest: MANIFEST,
  files: [
    { path: 'tokenizer.json', role: 'tokenizer', group: 'idle', bytes: text('{}') },
    { path: 'first.json', role: 'first-meta', group: 'first', bytes: text('{"a":1}') },
  ],
  trainer: { 'costs.json': '{"secret":1}' },
};

describe('a bundle folder', () => {
  let dir = '';
  beforeEach(async () => {
    dir = join(await mkdtemp(join(tmpdir(), 'bundle-')), 'b');
  });

  it('gives back what was written, first group first, and keeps trainer files out of the manifest', async () => {
    const manifest = await writeBundle(dir, DRAFT);
    expect(manifest.files.map((file) => file.path)).toEqual(['first.json', 'tokenizer.json']);
    // SHA-256 of the two bytes "{}", from `printf '{}' | sha256sum`.
    expect(manifest.files[1]?.sha256).toBe(
      '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
    );
    const bundle = await openBundle(dir);
    expect(await bundle.first()).toEqual({ a: 1 });
    expect(await bundle.bytes('search')).toBeUndefined();
    expect(new TextDecoder().decode(await bundle.trainerFile('costs.json'))).toContain('secret');
  });

  it('refuses a file with one flipped bit', async () => {
    await writeBundle(dir, DRAFT);
    const bytes = await readFile(join(dir, 'first.json'));
    bytes[3]! ^= 1;
    await writeFile(join(dir, 'first.json'), bytes);
    await expect((await openBundle(dir)).bytes('first-meta')).rejects.toThrow(/SHA-256/);
  });

  it('refuses a bundle of another feature version with words that say what to do', async () => {
    await writeBundle(dir, DRAFT);
    const path = join(dir, 'manifest.json');
    const manifest = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...manifest, featureVersion: 999 }));
    await expect(openBundle(dir)).rejects.toThrow(/feature version.*999.*train it again/);
  });

  it('replaces an earlier bundle but never a folder with other files in it', async () => {
    await writeBundle(dir, DRAFT);
    await writeBundle(dir, { ...DRAFT, manifest: { ...DRAFT.manifest, version: 2 } });
    expect((await openBundle(dir)).manifest.version).toBe(2);
    const mine = await mkdtemp(join(tmpdir(), 'mine-'));
    await writeFile(join(mine, 'thesis.txt'), 'years of work');
    await expect(writeBundle(mine, DRAFT)).rejects.toThrow(/a new or empty folder/);
    expect(await readFile(join(mine, 'thesis.txt'), 'utf8')).toBe('years of work');
  });

  it('says before the work which folders it would refuse', async () => {
    await writeBundle(dir, DRAFT);
    await checkBundleFolder(dir);
    await checkBundleFolder(join(dir, 'not-there-yet'));
    const mine = await mkdtemp(join(tmpdir(), 'mine-'));
    await checkBundleFolder(mine);
    await writeFile(join(mine, 'thesis.txt'), 'years of work');
    await expect(checkBundleFolder(mine)).rejects.toThrow(/a new or empty folder.*other files/);
    await expect(checkBundleFolder(join(mine, 'thesis.txt'))).rejects.toThrow(/found a file/);
  });
});
