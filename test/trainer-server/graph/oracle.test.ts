import { describe, expect, it } from 'vitest';
import { seeded } from '../../../shared/random.ts';
import { type Program, startTraining } from '../../../trainer-server/graph/index.ts';
import { differentiate } from '../../helpers/differentiate.ts';
import { loadJax } from '../../helpers/jax.ts';
import { JAX_CASES } from '../../helpers/jax-cases.ts';
import { adamSteps, jaxMlp, jaxTransformer } from '../../helpers/jax-models.ts';
import { OPERATOR_CASES } from '../../helpers/operator-cases.ts';
import { mlpProgram, transformerBatch, transformerProgram } from '../../helpers/transformer.ts';

const PLAIN = { weightDecay: 0, clipNorm: Number.POSITIVE_INFINITY };

describe('beside jax-js', () => {
  for (const [name, form] of Object.entries(JAX_CASES)) {
    it(`has the same value and gradient: ${name}`, async () => {
      const jax = await loadJax();
      const each = OPERATOR_CASES[name]!;
      const f = await differentiate(each);
      const ours = await f.at(f.inputs);
      const weighed = (inputs: Record<string, InstanceType<typeof jax.Array>>) => {
        const y = form(jax, inputs).reshape([-1]);
        return jax.numpy.sum(y.mul(jax.numpy.array(f.weights)));
      };
      const arrays = f.names.map((key) => [
        key,
        jax.numpy.array(f.inputs[key]!).reshape([...each.shapes[key]!]),
      ]);
      const [value, gradients] = jax.valueAndGrad(weighed)(Object.fromEntries(arrays));
      expect(ours.loss).toBeCloseTo((await value.data())[0]!, 4);
      for (const key of f.names) {
        const theirs = await (gradients as Record<string, InstanceType<typeof jax.Array>>)[key]!.data();
        expect(farthest(ours.gradients[key]!, theirs)).toBeLessThan(2e-6);
      }
      await f.close();
    });
  }

  it('arrives at the same MLP after ten Adam steps', async () => {
    const size = { batch: 16, inputs: 8, hidden: 12, classes: 5 };
    const random = seeded('mlp');
    const x = Float32Array.from({ length: 16 * 8 }, () => random.normal());
    const label = Int32Array.from({ length: 16 }, () => random.int(5));
    const program = mlpProgram(size, random, PLAIN);
    const ours = await trained(program, { x, label });
    const jax = await loadJax();
    const theirs = await adamSteps(jax, program.parameters, jaxMlp(jax, size, x, label), 10, 1e-2);
    expect(farthestOf(ours, theirs)).toBeLessThan(1e-6);
  });

  it('arrives at the same transformer after ten Adam steps', async () => {
    const size = { layers: 1, width: 16, heads: 2, time: 4, batch: 4, vocabulary: 20, classes: 5 };
    const program = transformerProgram(size, seeded('transformer'), PLAIN);
    const batch = transformerBatch(size, seeded('batch'));
    const ours = await trained(program, batch);
    const jax = await loadJax();
    const theirs = await adamSteps(jax, program.parameters, jaxTransformer(jax, size, batch), 10, 1e-3);
    // Softmax ignores what shifts all scores of a row, so the keys' bias has gradient 0, of which Adam normalises the
    // rounding noise: only there may the two differ.
    for (const each of [ours, theirs]) each.qkvBias0 = Float64Array.from(each.qkvBias0!).fill(0, 16, 32);
    expect(farthestOf(ours, theirs)).toBeLessThan(1e-6);
  });
});

async function trained(
  program: Program,
  feeds: Record<string, Float32Array | Int32Array>,
): Promise<Record<string, ArrayLike<number>>> {
  const training = await startTraining(program, { threads: 1 });
  const rate = 'x' in feeds ? 1e-2 : 1e-3;
  for (let step = 0; step < 10; step++) await training.step(feeds, rate);
  const parameters = await training.parameters();
  await training.close();
  return Object.fromEntries(Object.entries(parameters).map(([name, { data }]) => [name, data]));
}

function farthest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let worst = 0;
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!));
  return worst;
}

function farthestOf(a: Record<string, ArrayLike<number>>, b: Record<string, ArrayLike<number>>): number {
  expect(Object.keys(a).sort()).toEqual(Object.keys(b).sort());
  return Math.max(...Object.keys(a).map((name) => farthest(a[name]!, b[name]!)));
}
