import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensorMetadata } from '../../../shared/tensors.ts';
import { checkpointFiles } from '../../../trainer-server/encoders/bert/checkpoint-files.ts';
import { type Bert, openBert } from '../../../trainer-server/encoders/bert/open-bert.ts';
import { readCheckpoint } from '../../../trainer-server/encoders/bert/read-checkpoint.ts';
import { openTeacher } from '../../../trainer-server/encoders/teacher/open-teacher.ts';
import { TINY_BERT } from '../../helpers/tiny-teacher-shop.ts';
import { writeFiles } from '../../helpers/write-files.ts';

let root: string;
let bert: Bert;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  bert = await openBert(TINY_BERT);
});
afterAll(() => rm(root, { recursive: true }));

describe('a checkpoint that is written', () => {
  it('opens as what it was, tensor for tensor under the published names', async () => {
    const folder = join(root, 'written');
    await writeFiles(folder, checkpointFiles(bert, 'first'));
    const again = await openBert(folder);
    expect(again.config).toEqual(bert.config);
    expect(again.parameters).toEqual(bert.parameters);
    expect(again.files.tokenizer).toEqual(bert.files.tokenizer);
    const written = await readFile(join(folder, 'model.safetensors'));
    const source = readCheckpoint(await readFile(join(TINY_BERT, 'model.safetensors')));
    const tensors = readCheckpoint(written);
    for (const [name, { shape, data }] of Object.entries(tensors)) {
      const known = source[name] ?? source[`bert.${name}`];
      expect([...shape], name).toEqual([...known!.shape]);
      expect(data, name).toEqual(known!.data);
    }
    expect(readTensorMetadata(written)).toEqual({ format: 'pt' });
    const { checkpoint, ...teacher } = await openTeacher(folder);
    expect(checkpoint!.pooling).toBe('first');
    await teacher.close();
  });
});
