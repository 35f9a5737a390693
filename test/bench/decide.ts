/** How long a decision takes in a worker of headless Chromium, by tier, at the sizes that `train` makes. */

import { join } from 'node:path';
import { seeded } from '../../shared/random.ts';
import { DEFAULT_SIZE, type EngineCase, randomCase } from '../helpers/engine-case.ts';
import { engineFiles } from '../helpers/engine-files.ts';
import type { Asked, OpenEngine, Question } from '../helpers/engine-worker.ts';
import { randomSession } from '../helpers/random-session.ts';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';
import type { Bench, Figures } from './bench.ts';

const PROMOTIONS = 12;
const TOKENS = 64;
const EVENTS = 64;
/** Before anything is timed: the browser first runs WebAssembly as quickly compiled code, then as optimised. */
const WARM_ROUNDS = 60;

export const bench: Bench = {
  summary: 'time of a decision in headless Chromium: small kernels and ONNX Runtime, one thread each',
  async run({ quick, say }) {
    const of = randomCase(DEFAULT_SIZE, seeded('decide bench'));
    const page = await openWorkerPage(
      join(import.meta.dirname, '../helpers/engine-worker.ts'),
      engineFiles(of),
    );
    const rounds = quick ? 100 : 400;
    const figures: Figures = {};
    try {
      for (const engine of ['kernels', 'kernels-plain', 'ort-wasm'] as const) {
        const { relaxed } = await open(page, engine, of);
        if (engine === 'kernels') figures['relaxed_simd'] = String(relaxed);
        for (const [name, { questions, every }] of Object.entries(workloads(of))) {
          if (engine !== 'kernels' && (name === 'one_event' || name === 'cached')) continue;
          await page.ask<Asked>({ do: 'ask', questions, rounds: WARM_ROUNDS });
          const { ms } = await page.ask<Asked>({ do: 'ask', questions, rounds });
          const times = ms.filter((_, i) => i % every === every - 1).sort((a, b) => a - b);
          const [p50, p95] = [quantile(times, 0.5), quantile(times, 0.95)];
          const prefix = { kernels: 'tier0', 'kernels-plain': 'tier0_plain_simd', 'ort-wasm': 'ort_wasm' }[
            engine
          ];
          figures[`${prefix}_${name}_p95_ms`] = p95;
          say(`${engine.padEnd(14)} ${name.padEnd(10)} p50 ${p50} ms, p95 ${p95} ms, ${times.length} runs`);
        }
      }
    } finally {
      await page.close();
    }
    return figures;
  },
};

interface Workload {
  questions: Question[];
  /** Of so many questions the last is timed; the others prepare it. */
  every: number;
}

function workloads(of: EngineCase): Record<string, Workload> {
  const random = seeded('decide workloads');
  const { contextWidth, actionWidth } = of.head;
  const decision = {
    context: Float32Array.from({ length: contextWidth }, () => random.normal()),
    actions: Float32Array.from({ length: PROMOTIONS * actionWidth }, () => random.normal()),
    count: PROMOTIONS,
  };
  const [session, other] = [randomSession(EVENTS, of.rows, random), randomSession(EVENTS, of.rows, random)];
  const shorter = { ...session, length: EVENTS - 1 };
  const tokens = Int32Array.from({ length: TOKENS }, () => random.int(of.text.vocabulary));
  return {
    // Two sessions in turn: nothing of one serves the other.
    full: {
      questions: [
        { session: other, ...decision },
        { session, ...decision },
      ],
      every: 1,
    },
    one_event: {
      questions: [
        { session: shorter, ...decision },
        { session, ...decision },
      ],
      every: 2,
    },
    cached: { questions: [{ session, ...decision }], every: 1 },
    text: { questions: [{ tokens }], every: 1 },
  };
}

function open(page: WorkerPage, engine: OpenEngine['engine'], of: EngineCase): Promise<{ relaxed: boolean }> {
  const meta = { session: of.session, head: of.head };
  return page.ask({ do: 'open', engine, meta, text: of.text } satisfies OpenEngine);
}

/** To a microsecond. */
function quantile(sorted: readonly number[], share: number): number {
  return Math.round(1000 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!) / 1000;
}
