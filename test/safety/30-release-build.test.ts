import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { newToken } from '../../trainer-server/access/token.ts';
import { createKey } from '../../trainer-server/release/keys.ts';
import { temporaryFolder } from '../helpers/import-here.ts';

const ROOT = join(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter(Boolean);

/** A copy of the source at another place, built there. @returns its dist */
function buildElsewhere(): string {
  const root = join(temporaryFolder(), 'checkout');
  for (const file of tracked) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    cpSync(join(ROOT, file), join(root, file));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'pipe' });
  return join(root, 'dist');
}

const filesOf = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)))
    .sort();

const hashes = (dir: string): Record<string, string> =>
  Object.fromEntries(
    filesOf(dir).map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(dir, file)))
        .digest('hex'),
    ]),
  );

describe('a release build', () => {
  let one: string;
  let two: string;
  beforeAll(() => {
    [one, two] = [buildElsewhere(), buildElsewhere()];
  });

  it('is the same bytes wherever and whenever it is built', () => {
    expect(filesOf(one)).toContain(join('sdk', 'promo-edge.js'));
    expect(filesOf(one)).toContain('cli.js');
    expect(hashes(two)).toEqual(hashes(one));
  });

  it('keeps within its budget of bytes, brotli: the loader 4 KiB, all code before the first decision 30 KiB', () => {
    const size = (file: string): number => brotliCompressSync(readFileSync(join(one, 'sdk', file))).length;
    expect(size('promo-edge.js')).toBeLessThanOrEqual(4 * 1024);
    // 20 KiB is the aim; sdk/README.md says what stands in its way. This keeps it from growing unseen.
    expect(size('promo-edge.js') + size('promo-edge-worker.js')).toBeLessThanOrEqual(30 * 1024);
  });

  it('carries no secret, and no path of the machine that built it', () => {
    for (const file of filesOf(one)) {
      if (file.endsWith('.wasm')) continue;
      const text = readFileSync(join(one, file), 'latin1');
      expect([file, secretIn(text), text.includes(dirname(one))]).toEqual([file, undefined, false]);
    }
  });
});

describe('the source', () => {
  it('holds no secret', () => {
    for (const file of tracked)
      expect([file, secretIn(readFileSync(join(ROOT, file), 'latin1'))]).toEqual([file, undefined]);
  });

  it('would be caught if it did', () => {
    const dir = temporaryFolder();
    createKey(dir);
    expect(secretIn(`token: ${newToken()}`)).toBe('token of ours');
    expect(secretIn(readFileSync(join(dir, 'release.key'), 'utf8'))).toBe('private key');
    expect(secretIn(`AKIA${'Q'.repeat(16)}`)).toBe('key of AWS');
  });

  it('says of each dependency with an install script whether it may run, and lets two', () => {
    const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
    const { packages } = read('package-lock.json') as {
      packages: Record<string, { hasInstallScript?: boolean }>;
    };
    const scripted = Object.entries(packages)
      .filter(([, entry]) => entry.hasInstallScript === true)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> };
    expect(scripted.filter((name) => !(name in allowScripts))).toEqual([]);
    const allowed = Object.keys(allowScripts).filter((name) => allowScripts[name]);
    expect(allowed.sort()).toEqual(['better-sqlite3', 'esbuild']);
  });

  it('pins every dependency to one version', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
      expect([name, version]).toEqual([name, expect.stringMatching(/^\d+\.\d+\.\d+(-[\w.]+)?$/)]);
  });
});

const SECRETS: Record<string, RegExp> = {
  'token of ours': /pe_[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/,
  'private key': /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\s+[A-Za-z0-9+/=]{20}/,
  'key of AWS': /\bAKIA[0-9A-Z]{16}\b/,
  'token of GitHub': /\bgh[pousr]_[A-Za-z0-9]{36}\b/,
  'token of Slack': /\bxox[abprs]-[A-Za-z0-9-]{10,}/,
  'token of npm': /\bnpm_[A-Za-z0-9]{36}\b/,
};

/** What kind of secret the text holds. */
function secretIn(text: string): string | undefined {
  return Object.keys(SECRETS).find((kind) => SECRETS[kind]!.test(text));
}
