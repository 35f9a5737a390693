import { createHash } from 'node:crypto';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKey, listKeys, loadKey } from '../../../trainer-server/release/keys.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('release keys', () => {
  it('names a key by the SHA-256 of its raw public half', () => {
    const key = createKey(temporaryFolder());
    expect(key.id).toBe(createHash('sha256').update(Buffer.from(key.publicKey, 'hex')).digest('hex'));
  });

  it('writes the private half for its owner alone, and never over an older key', () => {
    const dir = temporaryFolder();
    createKey(dir, 'release');
    const path = join(dir, 'release.key');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const before = readFileSync(path, 'utf8');
    expect(() => createKey(dir, 'release')).toThrow(/no key of this name yet/);
    expect(readFileSync(path, 'utf8')).toBe(before);
  });

  it('loads what it made', () => {
    const dir = temporaryFolder();
    const { id, publicKey } = createKey(dir, 'a');
    expect(loadKey(join(dir, 'a.key'))).toMatchObject({ id, publicKey, name: 'a' });
    expect(listKeys(dir)).toEqual([{ id, publicKey, name: 'a' }]);
  });

  it('refuses a private key that others may read, and what is no key', () => {
    const dir = temporaryFolder();
    createKey(dir, 'a');
    chmodSync(join(dir, 'a.key'), 0o644);
    expect(() => loadKey(join(dir, 'a.key'))).toThrow(/its owner alone may read, found mode 644/);
    writeFileSync(join(dir, 'b.key'), 'hello', { mode: 0o600 });
    expect(() => loadKey(join(dir, 'b.key'))).toThrow(/a private key in PEM/);
    expect(() => loadKey(join(dir, 'c.key'))).toThrow(/promo-edge keys create/);
    expect(() => createKey(dir, '../x')).toThrow(/a name of a-z/);
  });
});
