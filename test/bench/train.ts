/**
 * A training step of a 4 x 128 transformer, Adam included, beside the same step in jax-js. Both take turns, so that
 * whatever else the machine does slows both: the ratio is what compares across machines.
 */

import { seeded } from '../../shared/random.ts';
import { startTraining } from '../../trainer-server/graph/index.ts';
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

/** Our steps for each of the rival's, which takes about eight times as long; all but one are then taken back. */
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
    say(`on ${training.device}, the rival on WASM; losses must agree as both learn`);
    const ours: number[] = [];
    const theirs: number[] = [];
    let farthest = 0;
    for (let round = 0; round < (quick ? 4 : 9); round++) {
      const expected = await timed(() => rival.step(1e-3));
      const turns = [await timed(() => training.step(batch, 1e-3))];
      farthest = Math.max(farthest, Math.abs(expected.value - turns[0]!.value.loss));
      const saved = await training.state();
      for (let turn = 1; turn < TURNS; turn++) turns.push(await timed(() => training.step(batch, 1e-3)));
      await training.restore(saved);
      const name = round === 0 ? 'warm-up' : `round ${round}`;
      say(
        `${name}: ${turns.map(({ ms }) => ms.toFixed(0)).join(', ')} ms; jax-js ${expected.ms.toFixed(0)} ms`,
      );
      // The first round compiles kernels on both sides.
      if (round === 0) continue;
      theirs.push(expected.ms);
      ours.push(...turns.map(({ ms }) => ms));
    }
    const label = training.device;
    await training.close();
    const flops = transformerFlops(BENCH_SIZE);
    return {
      gflops_per_s: round(flops / median(ours) / 1e6),
      best_gflops_per_s: round(flops / Math.min(...ours) / 1e6),
      ratio_to_jaxjs: round(median(theirs) / median(ours)),
      step_ms: round(median(ours)),
      jaxjs_step_ms: round(median(theirs)),
      largest_loss_difference: farthest,
      device: label,
    };
  },
};

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; ms: number }> {
  const began = performance.now();
  const value = await work();
  return { value, ms: performance.now() - began };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

const round = (value: number): number => Number(value.toPrecision(4));
