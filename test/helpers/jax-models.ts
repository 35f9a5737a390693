/** The models of `transformer.ts` and plain Adam, written with jax-js. */

import type * as Jax from '@jax-js/jax';
import type { Tensor } from '../../shared/tensors.ts';
import type { MlpSize, TransformerSize } from './transformer.ts';

type Array = Jax.Array;
type Parameters = Record<string, Array>;
// biome-ignore lint/suspicious/noExplicitAny: jax-js types what it differentiates so
export type Loss = (p: any) => Array;

/** Plain Adam (Kingma and Ba 2015, algorithm 1), its arithmetic in JavaScript's double precision. */
export async function adamSteps(
  jax: typeof Jax,
  initial: Record<string, Tensor<Float32Array>>,
  loss: Loss,
  steps: number,
  rate: number,
): Promise<Record<string, Float64Array>> {
  const now = Object.fromEntries(
    Object.entries(initial).map(([name, { data }]) => [name, Float64Array.from(data)]),
  );
  const zeros = (): typeof now =>
    Object.fromEntries(Object.entries(now).map(([name, data]) => [name, new Float64Array(data.length)]));
  const [first, second] = [zeros(), zeros()];
  for (let t = 1; t <= steps; t++) {
    const arrays = Object.entries(now).map(([name, data]) => [
      name,
      arrayOf(jax, Float32Array.from(data), initial[name]!.shape),
    ]);
    const gradients = jax.grad(loss)(Object.fromEntries(arrays)) as Parameters;
    for (const [name, values] of Object.entries(now)) {
      const g = await gradients[name]!.data();
      const [m, v] = [first[name]!, second[name]!];
      for (let i = 0; i < values.length; i++) {
        m[i] = 0.9 * m[i]! + 0.1 * g[i]!;
        v[i] = 0.999 * v[i]! + 0.001 * g[i]! ** 2;
        values[i]! -= (rate * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8);
      }
    }
  }
  return now;
}

export function jaxMlp(jax: typeof Jax, size: MlpSize, x: Float32Array, label: Int32Array): Loss {
  const { numpy: np, nn } = jax;
  const hot = oneHot(jax, label, size.classes);
  const inputs = arrayOf(jax, x, [size.batch, size.inputs]);
  return ({ w1, b1, w2, b2 }) => {
    const hidden = nn.relu(np.matmul(inputs.ref, w1!).add(b1!));
    return meanLoss(jax, np.matmul(hidden, w2!).add(b2!), hot.ref);
  };
}

export function jaxTransformer(
  jax: typeof Jax,
  size: TransformerSize,
  batch: { tokens: Int32Array; label: Int32Array },
): Loss {
  const { numpy: np, nn } = jax;
  const { layers, width, heads, time, batch: many } = size;
  const hot = oneHot(jax, batch.label, size.classes);
  const tokens = np.array(batch.tokens, { dtype: np.int32 });
  const perHead = width / heads;
  const norm = (x: Array, gain: Array, bias: Array): Array => {
    const centred = x.ref.sub(np.mean(x, -1, { keepdims: true }));
    const variance = np.mean(centred.ref.mul(centred.ref), -1, { keepdims: true });
    return centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(gain)
      .add(bias);
  };
  return (p) => {
    const linear = (x: Array, w: string, b: string): Array => np.matmul(x, p[w]!).add(p[b]!);
    const rows = p.tokenRows ?? np.take(p.token!, tokens.ref, 0);
    let x = rows.reshape([many, time, width]).add(p.position!);
    for (let l = 0; l < layers; l++) {
      const qkv = linear(x.ref, `qkv${l}`, `qkvBias${l}`).reshape([many, time, 3, heads, perHead]);
      const parts = np.split(np.transpose(qkv, [2, 0, 3, 1, 4]), 3, 0);
      const [q, k, v] = parts.map((part) => part.reshape([many, heads, time, perHead]));
      const scores = np.matmul(q!, np.matrixTranspose(k!)).mul(perHead ** -0.5);
      const mixed = np
        .transpose(np.matmul(nn.softmax(scores, -1), v!), [0, 2, 1, 3])
        .reshape([many, time, width]);
      x = norm(x.add(linear(mixed, `out${l}`, `outBias${l}`)), p[`oneGain${l}`]!, p[`oneBias${l}`]!);
      const up = nn.gelu(linear(x.ref, `up${l}`, `upBias${l}`), { approximate: true });
      x = norm(x.add(linear(up, `down${l}`, `downBias${l}`)), p[`twoGain${l}`]!, p[`twoBias${l}`]!);
    }
    return meanLoss(jax, linear(np.mean(x, 1), 'head', 'headBias'), hot.ref);
  };
}

function meanLoss({ numpy: np, nn }: typeof Jax, logits: Array, hot: Array): Array {
  return np.mean(np.sum(nn.logSoftmax(logits, -1).mul(hot), -1)).mul(-1);
}

function oneHot(jax: typeof Jax, labels: Int32Array, classes: number): Array {
  const flat = new Float32Array(labels.length * classes);
  labels.forEach((label, row) => {
    flat[row * classes + label] = 1;
  });
  return arrayOf(jax, flat, [labels.length, classes]);
}

const arrayOf = ({ numpy: np }: typeof Jax, data: Float32Array, shape: readonly number[]): Array =>
  np.array(data).reshape([...shape]);
