import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../../../../trainer-server/commands/train.ts';
import { type Bert, openBert } from '../../../../trainer-server/encoders/bert/open-bert.ts';
import { trainEncoders } from '../../../../trainer-server/encoders/index.ts';
import { openTunableTeacher } from '../../../../trainer-server/encoders/teacher/open-teacher.ts';
import { teacherTuningOf } from '../../../../trainer-server/encoders/tuning/index.ts';
import { SILENT } from '../../../../trainer-server/progress.ts';
import { writeEncoderBundle } from '../../../helpers/encoder-bundle.ts';
import { smallTraining } from '../../../helpers/ring-shop.ts';
import { TINY_BERT, TINY_PRODUCTS, TINY_TUNING } from '../../../helpers/tiny-teacher-shop.ts';
import { writeFiles } from '../../../helpers/write-files.ts';

let root: string;
let bert: Bert;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'taught-by-tuned-'));
  bert = await openBert(TINY_BERT);
});
afterAll(() => rm(root, { recursive: true }));

describe('training with a teacher that is tuned', () => {
  it('keeps it in the bundle, where it can teach again; a resumed run does not tune it twice', async () => {
    const saved = new Map<string, Uint8Array>();
    const checkpoints = {
      load: async (name: string) => saved.get(name),
      save: async (name: string, bytes: Uint8Array) => void saved.set(name, bytes),
    };
    const teacher = await openTunableTeacher(TINY_BERT);
    const small = smallTraining('tuned teaching');
    const given = {
      ...small,
      only: ['text' as const],
      teacher,
      teacherTuning: teacherTuningOf('adapters:8'),
      teacherTraining: TINY_TUNING,
      checkpoints,
      text: {
        ...small.text!,
        distillation: { ...small.text!.distillation, batch: 16, steps: { least: 5, most: 5 } },
      },
    };
    const dataset = { products: TINY_PRODUCTS, events: [], pairs: [] };
    const models = await trainEncoders(dataset, given);
    expect(models.report.text_teacherTuned).toBe(1);
    expect(models.tunedTeacher!.bert.config.inner).toBe(bert.config.inner + 8);
    await writeEncoderBundle(join(root, 'bundle'), models);
    const kept = await openTunableTeacher(join(root, 'bundle/trainer/teacher'));
    expect(kept.checkpoint!.bert.parameters).toEqual(models.tunedTeacher!.bert.parameters);
    await kept.close();

    const resumed = await trainEncoders(dataset, given);
    expect(resumed.tunedTeacher!.bert.parameters).toEqual(models.tunedTeacher!.bert.parameters);
    saved.delete('text');
    const before = saved.get('teacher');
    const again = await trainEncoders(dataset, given);
    expect(saved.get('teacher')).toBe(before);
    expect(again.report.text_teacherRank).toBe(models.report.text_teacherRank);
    expect(again.tunedTeacher!.bert.parameters).toEqual(models.tunedTeacher!.bert.parameters);
    await teacher.close();
  }, 120_000);

  it('is refused, in words, for a bundle and for a model in ONNX form alone', async () => {
    await writeFiles(join(root, 'a-bundle'), { 'manifest.json': new Uint8Array() });
    await expect(openTunableTeacher(join(root, 'a-bundle'))).rejects.toThrow(
      /--tune-teacher.*model\.safetensors of a BERT.*a bundle/,
    );
    await mkdir(join(root, 'onnx-only/onnx'), { recursive: true });
    await copyFile(join(TINY_BERT, 'config.json'), join(root, 'onnx-only/config.json'));
    await writeFile(join(root, 'onnx-only/onnx/model.onnx'), '');
    await expect(openTunableTeacher(join(root, 'onnx-only'))).rejects.toThrow(/--tune-teacher.*Leave/);
  });
});

describe('promo-edge train --tune-teacher', () => {
  const run = (values: Record<string, string>): Promise<number> => {
    const io = {
      stdin: Readable.from([]),
      out: () => undefined,
      progress: SILENT,
      now: Date.now,
      env: {},
      signal: new AbortController().signal,
    };
    return command.run({ device: 'cpu', seed: '1', ...values }, [], io);
  };

  it('tunes from a data folder, and refuses to without a teacher or by a way that it does not know', async () => {
    const data = join(root, 'shop');
    const lines = TINY_PRODUCTS.map((product) => JSON.stringify(product)).join('\n');
    await writeFiles(data, { 'products.jsonl': new TextEncoder().encode(lines) });
    const out = join(root, 'released');
    const asked = { data, out, only: 'text', 'budget-seconds': '5' };
    await expect(run({ ...asked, 'tune-teacher': 'lora' })).rejects.toThrow(
      /--tune-teacher: expected --teacher/,
    );
    await expect(run({ ...asked, teacher: TINY_BERT, 'tune-teacher': 'magic' })).rejects.toThrow(
      /lora, adapters/,
    );
    await expect(run({ ...asked, teacher: out, 'tune-teacher': 'lora' })).rejects.toThrow(/checkpoint/);
    expect(await run({ ...asked, teacher: TINY_BERT, 'tune-teacher': 'lora:2' })).toBe(0);
    const report = JSON.parse(await readFile(join(out, 'trainer/encoders.json'), 'utf8'));
    expect([0, 1]).toContain(report.text_teacherTuned);
    await expect(run({ ...asked, teacher: out, 'tune-teacher': 'lora' })).rejects.toThrow(/a bundle/);
  }, 120_000);
});
