/** How long a decision takes in a worker of headless Chromium, by tier, at the sizes that `train` makes. */

import { join } from 'node:path';
import { seeded } from '../../shared/random.ts';
import { DEFAULT_SIZE, type EngineCase, randomCase } from '../helpers/engine-case.ts';
import { engineFiles } from '../helpers/engine-files.ts';
import type { Asked, OpenEngine, Question } from '../helpers/engine-worker.ts';
import { randomSession } from '../helpers/random-session.ts';
import { openWorkerPage, type WorkerPage } from '../helpers/worker-page.ts';
import type { Bench, Figures } from './bench.ts';
import { storeTimes } from './store-times.ts';
import { workerMemory } from './worker-memory.ts';

const PROMOTIONS = 12;
const TOKENS = 64;
const EVENTS = 64;
/** Before anything is timed: the browser first runs WebAssembly as quickly compiled code, then as optimised. */
const WARM_ROUNDS = 60;
/** Runs of one burst, short enough to fit between other work on a busy machine. */
const BURST = 40;

export const bench: Bench = {
  summary:
    'time of a decision in headless Chromium, by tier, in the quietest burst of runs, one thread each; store and memory',
  async run({ quick, say }) {
    const of = randomCase(DEFAULT_SIZE, seeded('decide bench'));
    const page = await openWorkerPage(
      join(import.meta.dirname, '../helpers/engine-worker.ts'),
      engineFiles(of),
    );
    const bursts = quick ? 5 : 15;
    const figures: Figures = {};
    try {
      for (const engine of ['kernels', 'kernels-plain', 'ort-wasm'] as const) {
        const { relaxed } = await open(page, engine, of);
        if (engine === 'kernels') figures['relaxed_simd'] = String(relaxed);
        for (const [name, workload] of Object.entries(workloads(of))) {
          if (engine !== 'kernels' && (name === 'one_event' || name === 'cached')) continue;
          const { p50, p95, busy } = await timesOf(page, workload, bursts);
          figures[`${PREFIX[engine]}_${name}_p50_ms`] = p50;
          figures[`${PREFIX[engine]}_${name}_p95_ms`] = p95;
          say(`${engine.padEnd(14)} ${name.padEnd(10)} p50 ${p50} ms, p95 ${p95} ms; all bursts ${busy} ms`);
        }
      }
    } finally {
      await page.close();
    }
    Object.assign(figures, await storeTimes(quick ? 3 : 9), await workerMemory(quick ? 500 : 5000));
    return figures;
  },
};

const PREFIX = { kernels: 'tier0', 'kernels-plain': 'tier0_plain_simd', 'ort-wasm': 'ort_wasm' } as const;

/** Quantiles of the quietest burst, since other work on the machine is not what is measured; `busy`: p95 of all. */
async function timesOf(
  page: WorkerPage,
  { questions, every }: Workload,
  bursts: number,
): Promise<{ p50: number; p95: number; busy: number }> {
  await page.ask<Asked>({ do: 'ask', questions, rounds: WARM_ROUNDS });
  const times: number[][] = [];
  for (let burst = 0; burst < bursts; burst++) {
    const { ms } = await page.ask<Asked>({ do: 'ask', questions, rounds: BURST });
    times.push(ms.filter((_, i) => i % every === every - 1));
  }
  const quietest = times.reduce((a, b) => (quantile(b, 0.95) < quantile(a, 0.95) ? b : a));
  return { p50: quantile(quietest, 0.5), p95: quantile(quietest, 0.95), busy: quantile(times.flat(), 0.95) };
}

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
function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return Math.round(1000 * sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!) / 1000;
}
