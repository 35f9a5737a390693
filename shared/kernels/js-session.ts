/** The session encoder (models/session-encoder.ts) in plain TypeScript, for pages whose policy forbids WebAssembly. */

import type { SessionInput } from '../features/sequence.ts';
import { QUERY_SLOTS } from '../features/vocabulary.ts';
import type { SessionEncoderConfig } from '../models/session-encoder.ts';
import { unpackParameter } from '../quantize.ts';
import type { Tensors } from '../tensors.ts';
import { checkInput } from './check-input.ts';
import { checkSession } from './limits.ts';
import { copyVector, type ProductTable } from './product-table.ts';

type Weights = (name: string) => Float32Array;
/** Rows of one width, one a token. */
type Rows = Float32Array[];

/**
 * Told the share that token t of a layer takes from each token up to itself, the mean over heads, [t + 1]. Being
 * watched costs the last layer's other tokens, which are else left out.
 */
export type Watch = (layer: number, t: number, shares: Float32Array) => void;

export type JsSession = (input: SessionInput, products: ProductTable, watch?: Watch) => Float32Array;

/** @throws BadInput for sizes beyond the limits or tensors that do not fit them */
export function loadJsSession(config: SessionEncoderConfig, tensors: Tensors): JsSession {
  checkSession(config, tensors);
  const loaded = new Map<string, Float32Array>();
  for (const name of Object.keys(tensors)) {
    if (name.startsWith('session.') && !name.endsWith('.scale')) {
      loaded.set(name.slice('session.'.length), unpackParameter(tensors, name).data);
    }
  }
  const w: Weights = (name) => loaded.get(name)!;
  return (input, products, watch) => {
    checkInput(input, config);
    if (input.length === 0) return new Float32Array(config.width);
    let x: Rows = Array.from({ length: input.length }, (_, t) => embed(w, config, input, t, products));
    for (let l = 0; l < config.layers; l++) {
      const from = l === config.layers - 1 && watch === undefined ? x.length - 1 : 0;
      x = layer(
        (name) => w(`l${l}.${name}`),
        config.heads,
        x,
        from,
        (t, shares) => watch?.(l, t, shares),
      );
    }
    return norm(x.at(-1)!, w('lnf.g'), w('lnf.b'));
  };
}

function embed(
  w: Weights,
  { width, productWidth }: SessionEncoderConfig,
  input: SessionInput,
  t: number,
  products: ProductTable,
): Float32Array {
  const vector = new Float32Array(productWidth);
  copyVector(products, input, t, vector, 0);
  const x = dense(vector, w('product'), new Float32Array(width));
  const add = (table: string, row: number, factor: number): void => {
    const values = w(table);
    for (let i = 0; i < width; i++) x[i]! += factor * values[row * width + i]!;
  };
  add('position', t, 1);
  add('kind', input.kind[t]!, 1);
  add('gap', input.gap[t]!, 1);
  add('price', input.price[t]!, 1);
  const buckets = input.query.subarray(t * QUERY_SLOTS, (t + 1) * QUERY_SLOTS).filter((b) => b !== 0);
  for (const bucket of buckets) add('query', bucket, 1 / buckets.length);
  return x;
}

/** One layer, for the tokens from `first` on: of the others only keys and values are needed. */
function layer(
  w: Weights,
  heads: number,
  x: Rows,
  first: number,
  watch: (t: number, shares: Float32Array) => void,
): Rows {
  const qkv = x.map((row) => dense(norm(row, w('ln1.g'), w('ln1.b')), w('qkv.w'), w('qkv.b')));
  const out: Rows = [];
  for (let t = first; t < x.length; t++) {
    const { values, shares } = attend(qkv, t, heads);
    watch(t, shares);
    const mixed = dense(values, w('out.w'), w('out.b'));
    const row = add(x[t]!, mixed);
    const hidden = dense(norm(row, w('ln2.g'), w('ln2.b')), w('ff1.w'), w('ff1.b')).map(gelu);
    out.push(add(row, dense(hidden, w('ff2.w'), w('ff2.b'))));
  }
  return out;
}

/** What token t takes from the tokens up to itself, all heads side by side, and their mean shares. */
function attend(qkv: Rows, t: number, heads: number): { values: Float32Array; shares: Float32Array } {
  const width = qkv[t]!.length / 3;
  const each = width / heads;
  const values = new Float32Array(width);
  const shares = new Float32Array(t + 1);
  const weights = new Float32Array(t + 1);
  for (let from = 0; from < width; from += each) {
    let largest = Number.NEGATIVE_INFINITY;
    for (let j = 0; j <= t; j++) {
      let score = 0;
      for (let i = from; i < from + each; i++) score += qkv[t]![i]! * qkv[j]![width + i]!;
      weights[j] = score / Math.sqrt(each);
      largest = Math.max(largest, weights[j]!);
    }
    let total = 0;
    for (let j = 0; j <= t; j++) total += weights[j] = Math.exp(weights[j]! - largest);
    for (let j = 0; j <= t; j++) {
      const share = weights[j]! / total;
      shares[j]! += share / heads;
      for (let i = from; i < from + each; i++) values[i]! += share * qkv[j]![2 * width + i]!;
    }
  }
  return { values, shares };
}

/** x [in] times matrix [in, out], plus bias [out]. */
function dense(x: Float32Array, matrix: Float32Array, bias: Float32Array): Float32Array {
  const out = bias.slice();
  for (let i = 0, at = 0; i < x.length; i++) {
    const value = x[i]!;
    for (let j = 0; j < out.length; j++) out[j]! += value * matrix[at++]!;
  }
  return out;
}

function norm(x: Float32Array, gain: Float32Array, bias: Float32Array): Float32Array {
  let mean = 0;
  for (const value of x) mean += value / x.length;
  let variance = 0;
  for (const value of x) variance += (value - mean) ** 2 / x.length;
  const inverse = 1 / Math.sqrt(variance + 1e-5);
  return x.map((value, i) => (value - mean) * inverse * gain[i]! + bias[i]!);
}

function add(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => value + b[i]!);
}

function gelu(x: number): number {
  return 0.5 * x * (1 + Math.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)));
}
