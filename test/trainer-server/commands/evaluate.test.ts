import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadInput } from '../../../shared/errors.ts';
import { command } from '../../../trainer-server/commands/evaluate.ts';
import { BROKEN_LOGS, type BrokenLog, HONEST } from '../../helpers/broken-logs.ts';
import { capturedIo } from '../../helpers/captured-io.ts';
import { type EstimateLine, evaluateRows, isInWords } from '../../helpers/evaluate-rows.ts';

let folder: string;
let honest: EstimateLine[];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'));
  honest = (await evaluate(HONEST)).out;
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const evaluate = (log: Omit<BrokenLog, 'name'>, values?: Record<string, string>) =>
  evaluateRows(folder, log, values);

describe('evaluate', () => {
  it('answers an honest log by every estimator, around the truth, without a word of doubt', () => {
    for (const { value, low, high, refused, flags } of honest) {
      expect(refused).toBeUndefined();
      expect(flags).toBeUndefined();
      // By hand: 0.1 + 0.8 * 2 + 0.1 = 1.8.
      expect(Math.abs(value! - 1.8)).toBeLessThan(0.3);
      expect(low!).toBeLessThan(value!);
      expect(high!).toBeGreaterThan(value!);
    }
  });

  for (const broken of BROKEN_LOGS) {
    it(`ends in words, never in a number: ${broken.name}`, async () => {
      try {
        const { out } = await evaluate(broken);
        expect(out.length).toBeGreaterThan(0);
        expect(out.filter((line) => !isInWords(line))).toEqual([]);
      } catch (error) {
        // Where not one line can be read, the command itself says so.
        expect(error).toBeInstanceOf(BadInput);
        expect((error as BadInput).message).toContain('decisions.jsonl');
      }
    });
  }

  it('gives finite numbers inside their interval, or words, whatever was logged', async () => {
    const number = fc.oneof(
      fc.constantFrom(0, 1, -1, 1e9, -1e9, 1e-9),
      fc.double({ min: -10, max: 10, noNaN: true }),
    );
    const logs = fc.record({
      count: fc.integer({ min: 1, max: 120 }),
      rewards: fc.array(number, { minLength: 1, maxLength: 6 }),
      propensities: fc.array(
        fc.oneof(fc.constantFrom(1, 1e-6, undefined), fc.double({ min: 0.05, max: 1, noNaN: true })),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      visitors: fc.integer({ min: 1, max: 120 }),
      actions: fc.array(fc.constantFrom('none', 'gift', 'ten'), { minLength: 1, maxLength: 7 }),
      target: fc.constantFrom<BrokenLog['target'][]>([1, 0, 0], [0, 0.5, 0.5], [1 / 3, 1 / 3, 1 / 3]),
    });
    await fc.assert(
      fc.asyncProperty(logs, async ({ count, rewards, propensities, visitors, actions, target }) => {
        const of = <T>(values: T[], i: number): T => values[i % values.length]!;
        const rows = Array.from({ length: count }, (_, i) => ({
          ...{ id: `d${i}`, visitor: `v${i % visitors}`, eligible: ['none', 'gift', 'ten'] },
          ...{ action: of(actions, i), reward: of(rewards, i), propensity: of(propensities, i) },
        }));
        const { out } = await evaluate({ rows, target });
        for (const line of out) {
          if (isInWords(line)) continue;
          expect([line.value, line.low, line.high, line.ess, line.overlap].every(Number.isFinite)).toBe(true);
          expect(line.low!).toBeLessThanOrEqual(line.value!);
          expect(line.high!).toBeGreaterThanOrEqual(line.value!);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('estimates propensities that the log lacks, and flags every figure that rests on them', async () => {
    const rows = HONEST.rows.map(({ propensity, ...row }) => row);
    const { out } = await evaluate({ ...HONEST, rows });
    for (const line of out) {
      expect(line).toMatchObject({ estimated_propensities: 900 });
      expect(line.flags!.join(' ')).toContain('900 of 900 propensities are missing');
      if (line.value !== null) expect(Math.abs(line.value - 1.8)).toBeLessThan(0.35);
    }
  });

  it('says what a log without behaviour or attributes can and cannot teach', async () => {
    // As the server writes them: an arm drawn for each grant, knowing nothing of the shopper.
    const rows = HONEST.rows.map(({ attributes, ...row }) => row);
    const { out, said } = await evaluate({ ...HONEST, rows });
    expect(said).toContain('on average, not for whom');
    for (const line of out) {
      expect(line.flags!.join(' ')).toContain('neither behaviour nor attributes');
      expect(Math.abs(line.value! - 1.8)).toBeLessThan(0.3);
    }
  });

  it('counts a line that stands twice, word for word, once, and says so', async () => {
    const twice = await evaluate({ ...HONEST, rows: HONEST.rows.flatMap((row) => [row, row]) });
    expect(twice.out).toEqual(honest);
    expect(twice.said).toContain('900 decisions repeat another one word for word');
  });

  it('counts a promotion that stands twice in eligible as one choice', async () => {
    const eligible = ['none', 'gift', 'gift', 'ten'];
    const twice = await evaluate({ ...HONEST, rows: HONEST.rows.map((row) => ({ ...row, eligible })) });
    expect(twice.out).toEqual(honest);
  });

  it('says in every line how many lines of the log it left out, and on its screen why', async () => {
    const rows = HONEST.rows.map((row, i) => (i % 90 ? row : { ...row, ts: 'yesterday' }));
    const { out, said } = await evaluate({ ...HONEST, rows });
    for (const { flags } of out) expect(flags).toEqual(['10 of 900 decision lines were left out']);
    expect(said).toContain(
      'decisions.jsonl, line 1, ts: expected an ISO 8601 time or epoch milliseconds, found "yesterday"',
    );
  });

  it('asks for decisions where the folder has none', async () => {
    await expect(evaluate({ ...HONEST, rows: [] })).rejects.toThrow(
      /decisions\.jsonl: expected logged decisions, found none/,
    );
  });

  it.each([
    ['is missing', undefined, /gone\.jsonl: expected a file that can be read, found nothing there/],
    [
      'wants what was not eligible',
      '{"id":"d0","probabilities":{"ten percent":1}}',
      /target\.jsonl, d0\.prob.*ten percent/,
    ],
    [
      'is no distribution',
      '{"id":"d0","probabilities":{"gift":0.4}}',
      /target\.jsonl, line 1, prob.* 1, found 0\.4/,
    ],
    [
      'has a number below zero',
      '{"id":"d0","probabilities":{"gift":-1}}',
      /line 1, probabilities\.gift: .*-1/,
    ],
    ['is binary', '\0', /target\.jsonl, line 1: expected text in UTF-8/],
    [
      'speaks of other decisions',
      '{"id":"x","probabilities":{"gift":1}}',
      /target\.jsonl, id: .*none of them/,
    ],
  ])('says what is wrong with a target that %s', async (_, text, message) => {
    await writeFile(join(folder, 'decisions.jsonl'), JSON.stringify(HONEST.rows[0]));
    const target = join(folder, text === undefined ? 'gone.jsonl' : 'target.jsonl');
    if (text !== undefined) await writeFile(target, text);
    await expect(command.run({ data: folder, target }, [], capturedIo().io)).rejects.toThrow(message);
  });

  it('draws its interval by the method asked for', async () => {
    const width = async (interval: string) => {
      const { out } = await evaluate(HONEST, { interval });
      return out[0]!.high! - out[0]!.low!;
    };
    expect(await width('bernstein')).toBeGreaterThan(1.3 * (await width('studentised')));
    await expect(evaluate(HONEST, { interval: 'gut feeling' })).rejects.toThrow('--interval');
  });
});
