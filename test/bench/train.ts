/**
 * A training step of a 4 x 128 transformer, Adam included, beside the same step in jax-js. Both take turns, so that
 * whatever else the machine does slows both: the ratio is what compares across machines.
 */

import { existsSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { seeded } from '../../shared/random.ts';
import { type StepResult, startTraining } from '../../trainer-server/graph/index.ts';
import { loadJax } from '../helpers/jax.ts';
import { jaxTraining } from '../helpers/jax-adam.ts';
import { jaxTransformer } from '../helpers/jax-models.ts';
import {
  BENCH_SIZE,
  transformerBatch,
  transformerFlops,
  transformerProgram,
} from '../helpers/transformer.ts';
import type { Bench } from './bench.ts';

/**
 * Our timed steps for each of the rival's, which takes about eight times as long. They go on by themselves, as training
 * does; a second training of ours takes the rival's steps one by one, for the losses to be compared.
 */
const TURNS = 4;

export const bench: Bench = {
  summary:
    'transformer step, forward, backward and Adam: GFLOP/s and the ratio to jax-js (--device cpu|webgpu)',
  async run({ quick, device, say }) {
    const program = transformerProgram(BENCH_SIZE, seeded('train bench'), {
      weightDecay: 0,
      clipNorm: Number.POSITIVE_INFINITY,
    });
    const batch = transformerBatch(BENCH_SIZE, seeded('batch'));
    const jax = await loadJax();
    const { numpy: np } = jax;
    const rival = jaxTraining(jax, program.parameters, jaxTransformer(jax, BENCH_SIZE, batch), {
      table: 'token',
      rows: 'tokenRows',
      read: (table) => np.take(table, np.array(batch.tokens, { dtype: np.int32 }), 0),
    });
    const training = await startTraining(program, { device });
    const beside = await startTraining(program, { device });
    say(`on ${training.device}, the rival on WASM; losses must agree as both learn`);
    const ours: Timed<StepResult>[] = [];
    const theirs: Timed<number>[] = [];
    let farthest = 0;
    for (let turn = 0; turn < (quick ? 4 : 9); turn++) {
      const expected = await timed(process.pid, () => rival.step(1e-3));
      const step = () => timed(training.pid!, () => training.step(batch, 1e-3));
      const { loss } = await beside.step(batch, 1e-3);
      farthest = Math.max(farthest, Math.abs(expected.value - loss));
      const steps: Timed<StepResult>[] = [];
      while (steps.length < TURNS) steps.push(await step());
      const name = turn === 0 ? 'warm-up' : `round ${turn}`;
      say(
        `${name}: ${steps.map(({ ms }) => ms.toFixed(0)).join(', ')} ms; jax-js ${expected.ms.toFixed(0)} ms`,
      );
      // The first round compiles kernels on both sides.
      if (turn === 0) continue;
      theirs.push(expected);
      ours.push(...steps);
    }
    await Promise.all([training.close(), beside.close()]);
    const flops = transformerFlops(BENCH_SIZE);
    const [mine, other] = [ours, theirs].map((all) => all.map(({ ms }) => ms)) as [number[], number[]];
    const [myCpu, otherCpu] = [ours, theirs].map((all) => mean(all.map(({ cpu }) => cpu))) as [
      number,
      number,
    ];
    return {
      gflops_per_s: rounded(flops / median(mine) / 1e6),
      best_gflops_per_s: rounded(flops / Math.min(...mine) / 1e6),
      ratio_to_jaxjs: rounded(median(other) / median(mine)),
      step_ms: rounded(median(mine)),
      jaxjs_step_ms: rounded(median(other)),
      // Of one core, whatever else ran: what wall times would show on a quiet machine with one thread.
      ...(myCpu > 0 && { cpu_ratio_to_jaxjs: rounded(otherCpu / myCpu), step_cpu_ms: rounded(myCpu) }),
      largest_loss_difference: farthest,
      threads: availableParallelism(),
      device: training.device,
    };
  },
};

interface Timed<T> {
  value: T;
  /** Wall time. */
  ms: number;
  /** Processor time of the process that worked, ms. */
  cpu: number;
}

async function timed<T>(pid: number, work: () => Promise<T>): Promise<Timed<T>> {
  const [began, used] = [performance.now(), cpuMs(pid)];
  const value = await work();
  return { value, ms: performance.now() - began, cpu: cpuMs(pid) - used };
}

/** User and system time from /proc (proc(5): fields 14 and 15, in hundredths of a second); 0 where there is none. */
function cpuMs(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const fields = readFileSync(file, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

const rounded = (value: number): number => Number(value.toPrecision(4));
