/**
 * The networks in float64, written from the formulas in the headers of shared/models and from nothing else: what
 * every engine is compared with.
 */

import type { SessionInput } from '../../shared/features/sequence.ts';
import { QUERY_SLOTS } from '../../shared/features/vocabulary.ts';
import type { QHeadConfig } from '../../shared/models/q-head.ts';
import type { SessionEncoderConfig } from '../../shared/models/session-encoder.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Tensor } from '../../shared/tensors.ts';

export type Parameters = Record<string, Tensor<Float32Array>>;
type Vector = number[];
type Matrix = Vector[];

/** The state after the last token. Row `r` of `products` is the vector of product row r. */
export function referenceSession(
  config: SessionEncoderConfig,
  p: Parameters,
  input: SessionInput,
  products: Matrix,
): Vector {
  if (input.length === 0) return new Array(config.width).fill(0);
  let x: Matrix = Array.from({ length: input.length }, (_, t) => {
    const buckets = [...input.query.slice(t * QUERY_SLOTS, (t + 1) * QUERY_SLOTS)].filter((b) => b > 0);
    const query = plus(...buckets.map((bucket) => rowOf(p['session.query']!, bucket)));
    const vector = products[input.row[t]!];
    return plus(
      rowOf(p['session.position']!, t),
      rowOf(p['session.kind']!, input.kind[t]!),
      rowOf(p['session.gap']!, input.gap[t]!),
      rowOf(p['session.price']!, input.price[t]!),
      query.map((value) => value / buckets.length),
      vector === undefined ? [] : times(vector, p['session.product']!),
    );
  });
  for (let l = 0; l < config.layers; l++) x = layer(x, p, `session.l${l}`, config.heads, true);
  return norm(x.at(-1)!, p, 'session.lnf');
}

/** The unit vector of a text. */
export function referenceText(config: TextEncoderConfig, p: Parameters, tokens: Int32Array): Vector {
  let x: Matrix = [...tokens].map((id, t) =>
    plus(rowOf(p['text.token']!, id), rowOf(p['text.position']!, t)),
  );
  for (let l = 0; l < config.layers; l++) x = layer(x, p, `text.l${l}`, config.heads, false);
  const projected = x.map((row) => times(norm(row, p, 'text.lnf'), p['text.project']!));
  const mean = plus(...projected).map((value) => value / x.length);
  const size = Math.sqrt(dot(mean, mean));
  return mean.map((value) => value / size);
}

/** Q of each action. */
export function referenceHead(config: QHeadConfig, p: Parameters, state: Vector, actions: Matrix): Vector {
  const dense = (x: Vector, name: string): Vector =>
    plus(times(x, p[`head.${name}.w`]!), [...p[`head.${name}.b`]!.data]);
  const relu = (x: Vector): Vector => x.map((value) => Math.max(0, value));
  const s = relu(dense(relu(dense(state, 's1')), 's2'));
  const advantages = actions.map((action) => {
    const a = relu(dense(relu(dense(action, 'a1')), 'a2'));
    if (a.length !== config.hidden) throw new Error('reference: the action tower has another width');
    return dense(relu(dense([...s, ...a, ...s.map((value, i) => value * a[i]!)], 'j1')), 'j2')[0]!;
  });
  const value = dense(s, 'v')[0]!;
  const mean = advantages.reduce((sum, a) => sum + a, 0) / advantages.length;
  const [offset, scale] = p['head.unit']!.data as unknown as [number, number];
  return advantages.map((advantage) => offset + scale * (value + advantage - mean));
}

function layer(x: Matrix, p: Parameters, name: string, heads: number, causal: boolean): Matrix {
  const dense = (v: Vector, part: string): Vector =>
    plus(times(v, p[`${name}.${part}.w`]!), [...p[`${name}.${part}.b`]!.data]);
  const width = x[0]!.length;
  const qkv = x.map((row) => dense(norm(row, p, `${name}.ln1`), 'qkv'));
  const mixed = qkv.map((row, t) => {
    const seen = causal ? qkv.slice(0, t + 1) : qkv;
    return Array.from({ length: heads }, (_, head) => {
      const part = (v: Vector, which: number): Vector => {
        const from = which * width + (head * width) / heads;
        return v.slice(from, from + width / heads);
      };
      const scores = seen.map((other) => dot(part(row, 0), part(other, 1)) / Math.sqrt(width / heads));
      const weights = softmax(scores);
      return plus(...seen.map((other, j) => part(other, 2).map((value) => value * weights[j]!)));
    }).flat();
  });
  const afterAttention = x.map((row, t) => plus(row, dense(mixed[t]!, 'out')));
  return afterAttention.map((row) =>
    plus(row, dense(dense(norm(row, p, `${name}.ln2`), 'ff1').map(gelu), 'ff2')),
  );
}

function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)));
}

function softmax(x: Vector): Vector {
  const largest = Math.max(...x);
  const e = x.map((value) => Math.exp(value - largest));
  const total = e.reduce((sum, value) => sum + value, 0);
  return e.map((value) => value / total);
}

function norm(x: Vector, p: Parameters, name: string): Vector {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const { data: gain } = p[`${name}.g`]!;
  const { data: bias } = p[`${name}.b`]!;
  return x.map((value, i) => ((value - mean) / Math.sqrt(variance + 1e-5)) * gain[i]! + bias[i]!);
}

/** x [in] times a matrix [in, out]. */
function times(x: Vector, { shape, data }: Tensor<Float32Array>): Vector {
  const columns = shape[1]!;
  const y: Vector = new Array(columns).fill(0);
  x.forEach((value, i) => {
    for (let j = 0; j < columns; j++) y[j]! += value * data[i * columns + j]!;
  });
  return y;
}

function rowOf({ shape, data }: Tensor<Float32Array>, row: number): Vector {
  return [...data.slice(row * shape[1]!, (row + 1) * shape[1]!)];
}

/** The sum of vectors; an empty one is zero. */
function plus(...vectors: Vector[]): Vector {
  const width = Math.max(0, ...vectors.map((v) => v.length));
  return Array.from({ length: width }, (_, i) => vectors.reduce((sum, v) => sum + (v[i] ?? 0), 0));
}

function dot(a: Vector, b: Vector): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0);
}
