import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../../../trainer-server/commands/simulate.ts';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';
import { SILENT } from '../../../trainer-server/progress.ts';
import { syntheticCatalogue } from '../../helpers/synthetic-catalogue.ts';

describe('simulate', () => {
  let dir: string;
  const out: string[] = [];
  const run = (values: Record<string, string | boolean>) =>
    command.run({ policy: 'uniform', seed: '1', world: 'stationary', sessions: '150', ...values }, [], {
      stdin: Readable.from([]),
      out: (line) => void out.push(line),
      progress: SILENT,
      now: () => 0,
      env: {},
      signal: new AbortController().signal,
    });
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'promo-edge-simulate-'));
    const lines = syntheticCatalogue(30).map(({ sku, title, category, price }) =>
      JSON.stringify({ sku, title, category, price: price! / 100 }),
    );
    await writeFile(join(dir, 'products.jsonl'), `${lines.join('\n')}\n`);
  });
  afterAll(() => rm(dir, { recursive: true }));

  it('turns a bare catalogue into a complete data folder, with the truth in order', async () => {
    const target = join(dir, 'simulated');
    expect(await run({ data: dir, out: target })).toBe(0);
    const truth = JSON.parse(await readFile(join(target, 'truth.json'), 'utf8'));
    expect(JSON.parse(out.at(-1)!)).toEqual(truth);
    expect(truth.policy.mean).toBe(truth.uniform.mean);
    expect(truth.all_knowing.mean).toBeGreaterThan(truth.oracle.mean);
    expect(truth.all_knowing.mean).toBeGreaterThan(truth.best_fixed.mean);
    expect(truth.best_fixed.mean).toBeGreaterThanOrEqual(truth.none.mean);
    const dataset = await loadDataset(target);
    expect(dataset.rejected).toEqual([]);
    expect(dataset.products).toHaveLength(30);
    expect(new Set(dataset.decisions.map(({ session }) => session)).size).toBe(150);
    expect(dataset.decisions.every(({ propensity }) => propensity! * dataset.promotions.length === 1)).toBe(
      true,
    );
  });

  it('keeps what the merchant states of products, and measures nothing where only a log is wanted', async () => {
    const stated = '{"from":{"category":"A"},"relation":"goes-with","to":{"category":"B"}}\n';
    await writeFile(join(dir, 'relations.jsonl'), stated);
    const target = join(dir, 'log');
    const said = out.length;
    expect(await run({ data: dir, out: target, 'no-truth': true })).toBe(0);
    expect(await readFile(join(target, 'relations.jsonl'), 'utf8')).toBe(stated);
    expect((await loadDataset(target)).decisions.length).toBeGreaterThan(150);
    await expect(readFile(join(target, 'truth.json'))).rejects.toThrow(/ENOENT/);
    expect(out).toHaveLength(said);
  });

  it('says what it expected where an option is wrong', async () => {
    const target = join(dir, 'never');
    await expect(run({ data: dir, out: target, world: 'mars' })).rejects.toThrow(/stationary.*mars/);
    await expect(run({ data: dir, out: target, policy: 'best' })).rejects.toThrow(
      /uniform, a bundle folder.*best/,
    );
    await expect(run({ data: dir, out: target, sessions: '0' })).rejects.toThrow(/--sessions/);
    await expect(run({ data: dir } as Record<string, string>)).rejects.toThrow(/--out/);
  });
});
