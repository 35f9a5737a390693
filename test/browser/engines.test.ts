import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileIntegerKernels } from '../../shared/kernels/compile-integers.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import { textEngine } from '../../shared/kernels/text-engine.ts';
import { seeded } from '../../shared/random.ts';
import { DEFAULT_SIZE, randomCase } from '../helpers/engine-case.ts';
import { engineFiles } from '../helpers/engine-files.ts';
import type { Answer, Asked, Question } from '../helpers/engine-worker.ts';
import { randomSession } from '../helpers/random-session.ts';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';

const random = seeded('browser kernels');
const of = randomCase(DEFAULT_SIZE, random);
const meta = { session: of.session, head: of.head };
const questions: Question[] = [1, 7, 64].map((length) => ({
  session: randomSession(length, of.rows, random),
  context: Float32Array.from({ length: of.head.contextWidth }, () => random.normal()),
  actions: Float32Array.from({ length: 9 * of.head.actionWidth }, () => random.normal()),
  count: 9,
  tokens: Int32Array.from({ length }, () => random.int(of.text.vocabulary)),
}));

let page: WorkerPage;
beforeAll(async () => {
  page = await openWorkerPage(join(import.meta.dirname, '../helpers/engine-worker.ts'), engineFiles(of));
});
afterAll(() => page?.close());

describe('kernels in Chromium', () => {
  it.each(['kernels', 'kernels-plain'])('give the bits that they give in Node: %s', async (engine) => {
    const { relaxed } = await page.ask<{ relaxed: boolean }>({ do: 'open', engine, meta, text: of.text });
    // Without it in this browser, the two engines of this test would be one.
    expect(relaxed).toBe(true);
    const { answers } = await page.ask<Asked>({ do: 'ask', questions, rounds: 1 });
    expect(answers).toEqual(await answersHere());
  });
});

describe('ONNX Runtime in Chromium', () => {
  it('agrees with the kernels, which read the same weights', async () => {
    await page.ask({ do: 'open', engine: 'ort-wasm', meta, text: of.text });
    const { answers } = await page.ask<Asked>({ do: 'ask', questions, rounds: 1 });
    const here = await answersHere();
    const unit = of.parameters['head.unit']!.data[1]!;
    answers.forEach(({ state, q, vector }, i) => {
      expect(furthest(state!, here[i]!.state!)).toBeLessThan(2e-5);
      expect(furthest(q!, here[i]!.q!)).toBeLessThan(2e-5 * unit);
      // The kernels' text encoder rounds its activations to 7 bits.
      expect(furthest(vector!, here[i]!.vector!)).toBeLessThan(0.02);
    });
  });
});

function furthest(a: readonly number[], b: readonly number[]): number {
  expect(a.length).toBe(b.length);
  return Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
}

async function answersHere(): Promise<Answer[]> {
  const modules = await compileIntegerKernels(false);
  const engine = await engineFromFirst(meta, of.first, modules);
  const { encodeText } = await textEngine(of.text, of.texts, modules);
  const answers: Answer[] = [];
  for (const { session, context, actions, count, tokens } of questions) {
    const state = await engine.encodeSession(session!);
    const q = await engine.score(Float32Array.of(...state, ...context!), actions!, count!);
    answers.push({ state: [...state], q: [...q], vector: [...(await encodeText(tokens!))] });
  }
  return answers;
}
