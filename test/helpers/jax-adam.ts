/** One whole Adam step in jax-js, compiled by its `jit`, as a user of jax-js would write it: the benchmark's rival. */

import type * as Jax from '@jax-js/jax';
import type { Tensor } from '../../shared/tensors.ts';
import type { Loss } from './jax-models.ts';

type Array = Jax.Array;
type Tree = Record<string, Array>;

export interface JaxTraining {
  step(learningRate: number): Promise<number>;
}

/**
 * @param lookUp the one operator that cannot be compiled (jit of 0.1.25 refuses a scatter of anything but an input): the
 *   table's name, its rows' name in `loss`, and how to read them
 */
export function jaxTraining(
  jax: typeof Jax,
  initial: Record<string, Tensor<Float32Array>>,
  loss: Loss,
  lookUp: { table: string; rows: string; read: (table: Array) => Array },
): JaxTraining {
  const { numpy: np } = jax;
  const filled = (value: (tensor: Tensor<Float32Array>) => Float32Array): Tree =>
    Object.fromEntries(
      Object.entries(initial).map(([name, tensor]) => [
        name,
        np.array(value(tensor)).reshape([...tensor.shape]),
      ]),
    );
  let [p, m, v] = [
    filled(({ data }) => Float32Array.from(data)),
    filled(({ data }) => new Float32Array(data.length)),
    filled(({ data }) => new Float32Array(data.length)),
  ];
  let count = 0;
  const differentiate = jax.jit((parameters: Tree) => jax.valueAndGrad(loss)(parameters));
  const update = jax.jit((g: Tree, from: Tree, first: Tree, second: Tree, size: Array, root: Array) => {
    const [to, nextFirst, nextSecond]: [Tree, Tree, Tree] = [{}, {}, {}];
    for (const name of Object.keys(initial)) {
      nextFirst[name] = first[name]!.mul(0.9).add(g[name]!.ref.mul(0.1));
      nextSecond[name] = second[name]!.mul(0.999).add(g[name]!.ref.mul(g[name]!).mul(0.001));
      const below = np.sqrt(nextSecond[name].ref).mul(root.ref).add(1e-8);
      to[name] = from[name]!.sub(nextFirst[name].ref.mul(size.ref).div(below));
    }
    size.dispose();
    root.dispose();
    return [to, nextFirst, nextSecond];
  });
  return {
    async step(learningRate) {
      count++;
      const [rows, back] = jax.vjp(lookUp.read, [p[lookUp.table]!.ref]);
      const { [lookUp.table]: _, ...others } = p;
      const given = { ...jax.tree.ref(others), [lookUp.rows]: rows };
      const [value, found] = differentiate(given) as unknown as [Array, Tree];
      const { [lookUp.rows]: change, ...gradients } = found;
      const [table] = back(change!) as unknown as [Array];
      const size = np.array(learningRate / (1 - 0.9 ** count));
      const root = np.array(1 / Math.sqrt(1 - 0.999 ** count));
      const all = { ...gradients, [lookUp.table]: table };
      [p, m, v] = update(all, p, m, v, size, root) as unknown as [Tree, Tree, Tree];
      await jax.blockUntilReady(jax.tree.ref([p, m, v]));
      return (await value.data())[0]!;
    },
  };
}
