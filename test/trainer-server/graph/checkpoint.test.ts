import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../../trainer-server/graph/index.ts';

const state = {
  'parameter/w': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
  step: { shape: [1], data: Int32Array.of(9) },
};

describe('checkpoints', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('gives back what was saved', async () => {
    const file = join(folder, 'a.safetensors');
    await saveCheckpoint(file, { state, metadata: { epoch: '3' } });
    expect(await loadCheckpoint(file)).toEqual({ state, metadata: { epoch: '3' } });
  });

  it('knows that there is none', async () => {
    expect(await loadCheckpoint(join(folder, 'none'))).toBeUndefined();
  });

  it('keeps the old one, and leaves no draft, when writing the new one fails', async () => {
    const file = join(folder, 'b.safetensors');
    await saveCheckpoint(file, { state, metadata: {} });
    const before = await readFile(file);
    const bad = { ...state, 'parameter/w': { shape: [3], data: new Float32Array(2) } };
    await expect(saveCheckpoint(file, { state: bad, metadata: {} })).rejects.toThrow(/shape \[3\]/);
    expect(await readFile(file)).toEqual(before);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('refuses a file that is cut short, naming it', async () => {
    const file = join(folder, 'c.safetensors');
    await saveCheckpoint(file, { state, metadata: {} });
    await writeFile(file, (await readFile(file)).subarray(0, 60));
    await expect(loadCheckpoint(file)).rejects.toThrow(file);
  });
});
