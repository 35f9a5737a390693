import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsonl } from '../../../trainer-server/import/jsonl.ts';
import { runImport } from '../../../trainer-server/import/run-import.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { importHere, readRows, temporaryFolder } from '../../helpers/import-here.ts';

const product = (sku: string): string => `{"sku":"${sku}","title":"x"}\n`;

describe('an import into a data folder', () => {
  it('leaves nothing of its own behind', async () => {
    const { dir } = await importHere('jsonl', { 'products.jsonl': product('A') });
    expect(readdirSync(dir).sort()).toEqual(['products.jsonl', 'quality.json']);
  });

  it('refuses to run beside another one', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, '.import'));
    writeFileSync(join(dir, '.import/pid'), String(process.pid));
    await expect(importHere('jsonl', { 'products.jsonl': product('A') }, dir)).rejects.toThrow(
      /expected no other import into this folder, found one that is running/,
    );
    expect(existsSync(join(dir, '.import/pid'))).toBe(true);
  });

  it('takes over from one that was killed', async () => {
    const dir = temporaryFolder();
    mkdirSync(join(dir, '.import'));
    // Beyond the largest process id that Linux gives out (pid_max is at most 2^22).
    writeFileSync(join(dir, '.import/pid'), '4194305');
    const { rows } = await importHere('jsonl', { 'products.jsonl': product('A') }, dir);
    expect(rows('products.jsonl')).toHaveLength(1);
  });

  it('changes nothing when it is stopped', async () => {
    const { dir } = await importHere('jsonl', { 'products.jsonl': product('A') });
    const before = readFileSync(join(dir, 'quality.json'), 'utf8');
    const file = join(temporaryFolder(), 'products.jsonl');
    writeFileSync(file, product('B'));
    const options = {
      importer: jsonl,
      files: [file],
      dir,
      progress: SILENT,
      now: 0,
      signal: AbortSignal.abort(),
    };
    await expect(runImport(options)).rejects.toThrow(/abort/i);
    expect(readRows(join(dir, 'products.jsonl'))).toEqual([{ sku: 'A', title: 'x' }]);
    expect(readFileSync(join(dir, 'quality.json'), 'utf8')).toBe(before);
    expect(existsSync(join(dir, '.import'))).toBe(false);
  });

  it('adds refused rows to those of earlier imports where no file is named for them', async () => {
    const dir = temporaryFolder();
    for (const content of [`${product('A')}oops\n`, `${product('B')}again\n`]) {
      const file = join(temporaryFolder(), 'products.jsonl');
      writeFileSync(file, content);
      const signal = new AbortController().signal;
      const report = await runImport({
        importer: jsonl,
        files: [file],
        dir,
        progress: SILENT,
        now: 0,
        signal,
      });
      expect(report).toMatchObject({ rejected: 1, rejectsFile: join(dir, 'rejects.jsonl') });
    }
    expect(readRows(join(dir, 'rejects.jsonl')).map(({ line, row }) => [line, row])).toEqual([
      [2, 'oops'],
      [2, 'again'],
    ]);
  });

  it('refuses a folder that holds a file twice, plain and gzipped', async () => {
    const { dir } = await importHere('jsonl', { 'products.jsonl': product('A') });
    writeFileSync(join(dir, 'products.jsonl.gz'), '');
    await expect(importHere('jsonl', { 'products.jsonl': product('B') }, dir)).rejects.toThrow(/found both/);
  });

  it('says which file is missing', async () => {
    const options = {
      importer: jsonl,
      files: ['/nowhere.jsonl'],
      dir: temporaryFolder(),
      progress: SILENT,
      now: 0,
    };
    await expect(runImport({ ...options, signal: new AbortController().signal })).rejects.toThrow(
      '/nowhere.jsonl: expected a file to import, found nothing there',
    );
  });
});
