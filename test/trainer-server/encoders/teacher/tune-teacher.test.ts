import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Product } from '../../../../shared/product.ts';
import { seeded } from '../../../../shared/random.ts';
import { readTensorMetadata } from '../../../../shared/tensors.ts';
import { command } from '../../../../trainer-server/commands/train.ts';
import { bertNetwork } from '../../../../trainer-server/encoders/bert/bert-network.ts';
import { checkpointFiles } from '../../../../trainer-server/encoders/bert/checkpoint-files.ts';
import { bertTokens } from '../../../../trainer-server/encoders/bert/encode-with-bert.ts';
import { type Bert, openBert } from '../../../../trainer-server/encoders/bert/open-bert.ts';
import { readCheckpoint } from '../../../../trainer-server/encoders/bert/read-checkpoint.ts';
import { catalogueOf } from '../../../../trainer-server/encoders/catalogue.ts';
import { padded } from '../../../../trainer-server/encoders/draw.ts';
import { trainEncoders } from '../../../../trainer-server/encoders/index.ts';
import { bertTeacher } from '../../../../trainer-server/encoders/teacher/bert-teacher.ts';
import { reciprocalRanks, splitPairs } from '../../../../trainer-server/encoders/teacher/held-out-pairs.ts';
import { openTeacher, openTunableTeacher } from '../../../../trainer-server/encoders/teacher/open-teacher.ts';
import type { BertCheckpoint } from '../../../../trainer-server/encoders/teacher/teacher.ts';
import { tuneTeacher } from '../../../../trainer-server/encoders/teacher/tune-teacher.ts';
import {
  TEACHER_TRAINING,
  type TeacherTraining,
} from '../../../../trainer-server/encoders/teacher/tuning-options.ts';
import { pairSources } from '../../../../trainer-server/encoders/text-pairs.ts';
import { contrastiveProgram } from '../../../../trainer-server/encoders/text-programs.ts';
import { tuned } from '../../../../trainer-server/encoders/tuning/fine-tuning.ts';
import { TEACHER_TUNINGS, teacherTuningOf } from '../../../../trainer-server/encoders/tuning/index.ts';
import { startTraining } from '../../../../trainer-server/graph/index.ts';
import { SILENT, type Stage } from '../../../../trainer-server/progress.ts';
import { writeEncoderBundle } from '../../../helpers/encoder-bundle.ts';
import { smallTraining } from '../../../helpers/ring-shop.ts';

/** A tiny random BERT of three layers of 24 values: test/cases/bert/make_case.py made it. */
const CASE = join(import.meta.dirname, '../../../cases/bert');

let root: string;
let bert: Bert;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tune-teacher-'));
  bert = await openBert(CASE);
});
afterAll(() => rm(root, { recursive: true }));

/** Products in the words that the tiny model knows. Descriptions say the title's words backwards: nothing that it knew. */
const KINDS = ['mug', 'teapot', 'pot', 'tea mug'];
const LOOKS = ['a blue', 'stone', 'cafe', 'blue stone', '2 blue', 'cafe stone', 'stoneware', '2'];
const PARTS = ['and', 'of tea', 'of stone', '2 pots', '茶', '壶'];
const products: Product[] = KINDS.flatMap((kind, k) =>
  LOOKS.flatMap((look, l) =>
    PARTS.map((part, p) => {
      const title = `${look} ${kind} ${part}`;
      const description = title.split(' ').reverse().join(' ');
      return { sku: `${k}-${l}-${p}`, title, description, category: [] };
    }),
  ),
);

const settings: TeacherTraining = {
  ...TEACHER_TRAINING,
  contrastive: { ...TEACHER_TRAINING.contrastive, batch: 16, steps: { least: 80, most: 80 }, rate: 1.5e-3 },
  dropout: 0,
  heldOut: { share: 0.2, most: 40, least: 12 },
};

const pairData = () => ({
  sources: pairSources(catalogueOf({ products, events: [] }), [], [], settings.contrastive),
  labelled: [],
  products: products.length,
});

const published = (): BertCheckpoint => ({ bert, pooling: 'mean' });

const TIME = 12;
const tokenizer = () => ({ encode: (text: string) => ({ ids: [...bertTokens(bert, text, TIME)] }) });

/** The contrastive program over some weights of the tiny model. */
const programOf = (weights: Pick<Bert, 'config' | 'parameters'>) =>
  contrastiveProgram(weights.parameters, bertNetwork(weights.config, 'mean'), TIME, settings, true);

/** A batch of pairs that the programs are asked about. */
const batch = () => {
  const random = seeded('batch');
  const [views] = pairData().sources;
  const pairs = Array.from({ length: settings.contrastive.batch }, () => views!.draw(random));
  return padded([...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)], tokenizer(), TIME);
};

async function vectorsBy(program: ReturnType<typeof programOf>): Promise<Float32Array> {
  const training = await startTraining(program);
  try {
    return (await training.evaluate({ ...batch() })).outputs.vectors!;
  } finally {
    await training.close();
  }
}

describe('what is trained beside a published BERT', () => {
  for (const name of Object.keys(TEACHER_TUNINGS)) {
    it(`${name}: changes nothing before the first step, learns, leaves the published values, and merges`, async () => {
      const tuning = teacherTuningOf(`${name}:8`);
      const start = tuning.extended(bert, seeded('extended'));
      const training = await startTraining(tuned(programOf(start), tuning));
      try {
        const feeds = { ...batch() };
        const before = await training.evaluate(feeds);
        expect(before.outputs.vectors).toEqual(await vectorsBy(programOf(bert)));

        for (let step = 0; step < 30; step++) await training.step(feeds, 0.01);
        const after = await training.evaluate(feeds);
        expect(after.loss).toBeLessThan(0.7 * before.loss);
        const learned = await training.parameters();
        for (const [each, { data }] of Object.entries(bert.parameters))
          expect(learned[each]!.data, each).toEqual(data);

        const merged = tuning.merged({ config: start.config, parameters: learned });
        expect(Object.keys(merged.parameters).sort()).toEqual(Object.keys(bert.parameters).sort());
        const plain = await vectorsBy(programOf(merged));
        expect(largestDifference(plain, after.outputs.vectors!)).toBeLessThan(1e-5);

        // And as the teacher that it becomes: other code, other graph, one text at a time.
        const teacher = await bertTeacher({ bert: { ...bert, ...merged }, pooling: 'mean' });
        const text = products[0]!.title;
        const row = Int32Array.from(bertTokens(bert, text, TIME));
        const one = {
          tokens: new Int32Array(feeds.tokens.length),
          length: feeds.length.map(() => row.length),
        };
        for (let i = 0; i < one.length.length; i++) one.tokens.set(row, i * TIME);
        const { vectors } = (await training.evaluate(one)).outputs;
        const told = await teacher.encode([text]);
        expect(largestDifference(told, vectors!.subarray(0, told.length))).toBeLessThan(1e-5);
        await teacher.close();
      } finally {
        await training.close();
      }
    }, 120_000);
  }

  it('is no prefix and no adaptive rank, in words', () => {
    expect(() => teacherTuningOf('prefix')).toThrow(/--tune-teacher.*lora, adapters/);
    expect(() => teacherTuningOf('adaptive:4')).toThrow(/--tune-teacher.*lora, adapters/);
    expect(() => teacherTuningOf('lora:0')).toThrow(/a whole number up to 64 \(rank\)/);
  });
});

const largestDifference = (a: Float32Array, b: Float32Array): number => {
  expect(a).toHaveLength(b.length);
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
};

describe('pairs that judge', () => {
  it('are those of other products than the pairs that teach', () => {
    const { learned, heldOut } = splitPairs(pairData(), settings.heldOut, seeded('split'));
    const judged = new Set(heldOut.pairs.map(({ key }) => key));
    expect(judged.size).toBe(heldOut.pairs.length);
    expect(judged.size).toBeGreaterThanOrEqual(settings.heldOut.least);
    const random = seeded('draws');
    for (let i = 0; i < 2000; i++) expect(judged).not.toContain(learned.sources[0]!.draw(random).key);
  });

  it('come with what people labelled as another product, whose labels then do not teach', () => {
    const labelled = products.map((a, i) => ({
      a,
      b: products[(i + 7) % products.length]!,
      label: 0 as const,
    }));
    const { learned, heldOut } = splitPairs(
      { ...pairData(), labelled },
      { share: 0.2, most: 100 },
      seeded('split'),
    );
    expect(heldOut.others.length + learned.labelled.length).toBe(labelled.length);
    const told = new Set(learned.labelled.map(({ a }) => a.sku));
    for (const { key } of heldOut.pairs) expect(told).not.toContain(key);
  });

  it('find a partner at one over its place, and what is as near stands before it', () => {
    // Asked [1, 0] and [0, 1]; answers: their partners [0.6, 0.8] and [0, 1], and another, [1, 0].
    const vectors = Float32Array.of(1, 0, 0, 1, 0.6, 0.8, 0, 1, 1, 0);
    // 0.6 against 0.6, 0, 1: second of three. 1 against 0.8, 1, 0: first.
    expect(reciprocalRanks(vectors, 2, 2)).toEqual([1 / 2, 1]);
    expect(reciprocalRanks(Float32Array.of(1, 0, 1, 0, 1, 0, 1, 0), 2, 2)).toEqual([1 / 2, 1 / 2]);
  });
});

describe('tuning a teacher', () => {
  const options = () => smallTraining('tune teacher');

  it('finds partners of products that it did not learn from, and says how much of it was trained', async () => {
    const stages: string[] = [];
    const said: string[] = [];
    const stage = (name: string): Stage => ({
      update: (done, note) => void stages.push(`${name} ${done} ${note}`),
      end: () => undefined,
    });
    const progress = { stage, say: (text: string) => void said.push(text) };
    const { checkpoint, report } = await tuneTeacher(
      published(),
      pairData(),
      teacherTuningOf('lora:4'),
      { ...options(), progress },
      settings,
    );
    expect(report.teacherTuned).toBe(1);
    expect(report.teacherRank).toBeGreaterThan(report.teacherRankPublished! + 0.05);
    // Rank 4 beside qkv 24 x 72, out 24 x 24, ff1 24 x 40 and ff2 40 x 24, in three layers.
    const plain = Object.values(bert.parameters).reduce((n, { data }) => n + data.length, 0);
    expect(report.teacherTunedShare).toBeCloseTo((3 * 4 * (96 + 48 + 64 + 64)) / plain, 9);
    expect(checkpoint!.bert.config).toEqual(bert.config);
    expect(stages.some((line) => /^teacher, pairs \(views\) \d+ step \d+, loss \d/.test(line))).toBe(true);
    expect(said.at(-1)).toMatch(/tuned; 22\.3 % of its values trained/);
  }, 120_000);

  it('keeps the published model where training gains nothing, and where too few pairs could tell or too little time is left', async () => {
    const still = { ...settings, contrastive: { ...settings.contrastive, rate: 0 } };
    const tuning = teacherTuningOf('lora:4');
    const idle = await tuneTeacher(published(), pairData(), tuning, options(), still);
    expect(idle.checkpoint).toBeUndefined();
    expect(idle.report.teacherTuned).toBe(0);
    expect(idle.report.teacherRank).toBe(idle.report.teacherRankPublished);
    const few = { ...settings, heldOut: { ...settings.heldOut, least: 1000 } };
    const { checkpoint, report } = await tuneTeacher(published(), pairData(), tuning, options(), few);
    expect(checkpoint).toBeUndefined();
    expect(report).toEqual({ teacherTuned: 0 });
    // Reading the held-out pairs took 22 of its 25 seconds: they could not be read again.
    let asked = 0;
    const late = { ...options(), deadline: () => (++asked <= 2 ? 100 : 78) };
    expect(await tuneTeacher(published(), pairData(), tuning, late, settings)).toEqual({
      report: { teacherTuned: 0 },
    });
  }, 120_000);

  it('ends early where held-out pairs stop gaining, and takes its share of the time alone', async () => {
    const steps = async (given: TeacherTraining, deadline: () => number): Promise<number> => {
      let last = '';
      const end = (told = ''): void => {
        last = told;
      };
      const stage = (): Stage => ({ update: () => undefined, end });
      const progress = { stage, say: () => undefined };
      await tuneTeacher(
        published(),
        pairData(),
        teacherTuningOf('lora:4'),
        { ...options(), progress, deadline },
        given,
      );
      return Number(/^(\d+) steps/.exec(last)![1]);
    };
    const still = {
      ...settings,
      contrastive: { ...settings.contrastive, rate: 0 },
      check: { every: 5, patience: 2 },
    };
    expect(await steps(still, () => Number.POSITIVE_INFINITY)).toBe(10);
    // A clock that loses a second whenever it is asked: a quarter of 40 s is gone after some ten looks.
    let left = 40;
    expect(await steps({ ...settings, share: 0.25 }, () => left--)).toBeLessThan(10);
  }, 120_000);

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const stage = (): Stage => ({
      update: () => stop.abort(new Error('told to stop')),
      end: () => undefined,
    });
    const tuning = tuneTeacher(
      published(),
      pairData(),
      teacherTuningOf('lora:4'),
      { ...options(), signal: stop.signal, progress: { stage, say: () => undefined } },
      settings,
    );
    await expect(tuning).rejects.toThrow(/told to stop/);
  }, 120_000);
});

describe('a checkpoint that is written', () => {
  it('opens as what it was, tensor for tensor under the published names', async () => {
    const folder = join(root, 'written');
    await writeFiles(folder, checkpointFiles(bert, 'first'));
    const again = await openBert(folder);
    expect(again.config).toEqual(bert.config);
    expect(again.parameters).toEqual(bert.parameters);
    expect(again.files.tokenizer).toEqual(bert.files.tokenizer);
    const written = await readFile(join(folder, 'model.safetensors'));
    const source = readCheckpoint(await readFile(join(CASE, 'model.safetensors')));
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

async function writeFiles(folder: string, files: Record<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), bytes);
  }
}

describe('training with a teacher that is tuned', () => {
  it('keeps it in the bundle, where it can teach again; a resumed run does not tune it twice', async () => {
    const saved = new Map<string, Uint8Array>();
    const checkpoints = {
      load: async (name: string) => saved.get(name),
      save: async (name: string, bytes: Uint8Array) => void saved.set(name, bytes),
    };
    const teacher = await openTunableTeacher(CASE);
    const small = smallTraining('tuned teaching');
    const given = {
      ...small,
      only: ['text' as const],
      teacher,
      teacherTuning: teacherTuningOf('adapters:8'),
      teacherTraining: settings,
      checkpoints,
      text: {
        ...small.text!,
        distillation: { ...small.text!.distillation, batch: 16, steps: { least: 5, most: 5 } },
      },
    };
    const dataset = { products, events: [], pairs: [] };
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
    await copyFile(join(CASE, 'config.json'), join(root, 'onnx-only/config.json'));
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
    const lines = products.map((product) => JSON.stringify(product)).join('\n');
    await writeFiles(data, { 'products.jsonl': new TextEncoder().encode(lines) });
    const out = join(root, 'released');
    const asked = { data, out, only: 'text', 'budget-seconds': '5' };
    await expect(run({ ...asked, 'tune-teacher': 'lora' })).rejects.toThrow(
      /--tune-teacher: expected --teacher/,
    );
    await expect(run({ ...asked, teacher: CASE, 'tune-teacher': 'magic' })).rejects.toThrow(/lora, adapters/);
    await expect(run({ ...asked, teacher: out, 'tune-teacher': 'lora' })).rejects.toThrow(/checkpoint/);
    expect(await run({ ...asked, teacher: CASE, 'tune-teacher': 'lora:2' })).toBe(0);
    const report = JSON.parse(await readFile(join(out, 'trainer/encoders.json'), 'utf8'));
    expect([0, 1]).toContain(report.text_teacherTuned);
    await expect(run({ ...asked, teacher: out, 'tune-teacher': 'lora' })).rejects.toThrow(/a bundle/);
  }, 120_000);
});
