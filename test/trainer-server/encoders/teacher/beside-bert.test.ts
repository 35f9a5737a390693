import { beforeAll, describe, expect, it } from 'vitest';
import { seeded } from '../../../../shared/random.ts';
import { bertNetwork } from '../../../../trainer-server/encoders/bert/bert-network.ts';
import { bertTokens } from '../../../../trainer-server/encoders/bert/encode-with-bert.ts';
import { type Bert, openBert } from '../../../../trainer-server/encoders/bert/open-bert.ts';
import { padded } from '../../../../trainer-server/encoders/draw.ts';
import { bertTeacher } from '../../../../trainer-server/encoders/teacher/bert-teacher.ts';
import { contrastiveProgram } from '../../../../trainer-server/encoders/text-programs.ts';
import { tuned } from '../../../../trainer-server/encoders/tuning/fine-tuning.ts';
import { TEACHER_TUNINGS, teacherTuningOf } from '../../../../trainer-server/encoders/tuning/index.ts';
import { startTraining } from '../../../../trainer-server/graph/index.ts';
import { TINY_BERT, TINY_PRODUCTS, TINY_TUNING, tinyPairs } from '../../../helpers/tiny-teacher-shop.ts';

let bert: Bert;
beforeAll(async () => {
  bert = await openBert(TINY_BERT);
});

const TIME = 12;
const tokenizer = () => ({ encode: (text: string) => ({ ids: [...bertTokens(bert, text, TIME)] }) });

/** The contrastive program over some weights of the tiny model. */
const programOf = (weights: Pick<Bert, 'config' | 'parameters'>) =>
  contrastiveProgram(weights.parameters, bertNetwork(weights.config, 'mean'), TIME, TINY_TUNING, true);

/** A batch of pairs that the programs are asked about. */
const batch = () => {
  const random = seeded('batch');
  const [views] = tinyPairs().sources;
  const pairs = Array.from({ length: TINY_TUNING.contrastive.batch }, () => views!.draw(random));
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
        const text = TINY_PRODUCTS[0]!.title;
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
