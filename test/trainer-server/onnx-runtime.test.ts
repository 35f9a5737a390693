import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** A model that cannot be read starts the runtime all the same. */
const START = 'InferenceSession.create(Uint8Array.of(1)).catch(() => undefined)';

let home: string;
afterEach(() => rm(home, { recursive: true, force: true }));

async function filesAfter(code: string): Promise<string[]> {
  home = await mkdtemp(join(tmpdir(), 'home-'));
  const env = { PATH: process.env.PATH, HOME: home };
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '-e', code], { cwd: ROOT, env });
  return (await readdir(home, { recursive: true })).filter((file) => file.includes('Microsoft'));
}

it.runIf(process.platform === 'linux')(
  'ONNX Runtime by itself names the machine and takes notes',
  async () => {
    // Once a version no longer does, trainer-server/onnx-runtime.ts may go.
    expect(await filesAfter(`require('onnxruntime-node').${START}`)).not.toEqual([]);
  },
);

it('ONNX Runtime as we load it leaves nothing of itself in the home folder: no name for the machine, no notes to be sent', async () => {
  const module = JSON.stringify(join(ROOT, 'trainer-server/onnx-runtime.ts'));
  expect(await filesAfter(`import(${module}).then(({ InferenceSession }) => ${START})`)).toEqual([]);
});
