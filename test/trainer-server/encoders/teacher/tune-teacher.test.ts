import { beforeAll, describe, expect, it } from 'vitest';
import { type Bert, openBert } from '../../../../trainer-server/encoders/bert/open-bert.ts';
import type { BertCheckpoint } from '../../../../trainer-server/encoders/teacher/teacher.ts';
import { tuneTeacher } from '../../../../trainer-server/encoders/teacher/tune-teacher.ts';
import type { TeacherTraining } from '../../../../trainer-server/encoders/teacher/tuning-options.ts';
import { teacherTuningOf } from '../../../../trainer-server/encoders/tuning/index.ts';
import type { Stage } from '../../../../trainer-server/progress.ts';
import { smallTraining } from '../../../helpers/ring-shop.ts';
import { TINY_BERT, TINY_TUNING, tinyPairs } from '../../../helpers/tiny-teacher-shop.ts';

let bert: Bert;
beforeAll(async () => {
  bert = await openBert(TINY_BERT);
});

const published = (): BertCheckpoint => ({ bert, pooling: 'mean' });

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
      tinyPairs(),
      teacherTuningOf('lora:4'),
      { ...options(), progress },
      TINY_TUNING,
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
    const still = { ...TINY_TUNING, contrastive: { ...TINY_TUNING.contrastive, rate: 0 } };
    const tuning = teacherTuningOf('lora:4');
    const idle = await tuneTeacher(published(), tinyPairs(), tuning, options(), still);
    expect(idle.checkpoint).toBeUndefined();
    expect(idle.report.teacherTuned).toBe(0);
    expect(idle.report.teacherRank).toBe(idle.report.teacherRankPublished);
    const few = { ...TINY_TUNING, heldOut: { ...TINY_TUNING.heldOut, least: 1000 } };
    const { checkpoint, report } = await tuneTeacher(published(), tinyPairs(), tuning, options(), few);
    expect(checkpoint).toBeUndefined();
    expect(report).toEqual({ teacherTuned: 0 });
    // Reading the held-out pairs took 22 of its 25 seconds: they could not be read again.
    let asked = 0;
    const late = { ...options(), deadline: () => (++asked <= 2 ? 100 : 78) };
    expect(await tuneTeacher(published(), tinyPairs(), tuning, late, TINY_TUNING)).toEqual({
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
        tinyPairs(),
        teacherTuningOf('lora:4'),
        { ...options(), progress, deadline },
        given,
      );
      return Number(/^(\d+) steps/.exec(last)![1]);
    };
    const still = {
      ...TINY_TUNING,
      contrastive: { ...TINY_TUNING.contrastive, rate: 0 },
      check: { every: 5, patience: 2 },
    };
    expect(await steps(still, () => Number.POSITIVE_INFINITY)).toBe(10);
    // A clock that loses a second whenever it is asked: a quarter of 40 s is gone after some ten looks.
    let left = 40;
    expect(await steps({ ...TINY_TUNING, share: 0.25 }, () => left--)).toBeLessThan(10);
  }, 120_000);

  it('stops at once when it is told to', async () => {
    const stop = new AbortController();
    const stage = (): Stage => ({
      update: () => stop.abort(new Error('told to stop')),
      end: () => undefined,
    });
    const tuning = tuneTeacher(
      published(),
      tinyPairs(),
      teacherTuningOf('lora:4'),
      { ...options(), signal: stop.signal, progress: { stage, say: () => undefined } },
      TINY_TUNING,
    );
    await expect(tuning).rejects.toThrow(/told to stop/);
  }, 120_000);
});
