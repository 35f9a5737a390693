/** A checkpoint's tensors under the names and in the shapes of our graph. */

import { BadInput } from '../../../shared/errors.ts';
import type { Tensor, Tensors } from '../../../shared/tensors.ts';
import type { BertConfig } from './bert-config.ts';

export type BertParameters = Record<string, Tensor<Float32Array>>;

/** What checkpoints hold beside the encoder: heads of their pretraining and the pooler, which no hidden state needs. */
const BESIDE = /^(cls\.|pooler\.|embeddings\.position_ids$|qa_outputs\.|classifier\.)/;

/**
 * Our names: `bert.token`, `bert.position`, `bert.type`, `bert.ln0.g|b` and for layer i `bert.li.` + `qkv|out|ff1|ff2`
 * `.w` [in, out] and `.b`, `ln1|ln2` `.g|b`. PyTorch keeps matrices as [out, in].
 * @throws BadInput naming the tensors that are missing or of another shape, and those that nobody knows
 */
export function bertParameters(tensors: Tensors, config: BertConfig): BertParameters {
  const source = new Source(tensors);
  const { width: d, inner } = config;
  const out: BertParameters = {
    'bert.token': source.take('embeddings.word_embeddings.weight', [config.vocabulary, d]),
    'bert.position': source.take('embeddings.position_embeddings.weight', [config.length, d]),
    'bert.type': source.take('embeddings.token_type_embeddings.weight', [config.types, d]),
    ...source.norm('embeddings.LayerNorm', 'bert.ln0', d),
  };
  for (let i = 0; i < config.layers; i++) {
    const [from, to] = [`encoder.layer.${i}`, `bert.l${i}`];
    const [q, k, v] = ['query', 'key', 'value'].map((part) =>
      source.linear(`${from}.attention.self.${part}`, d, d),
    );
    out[`${to}.qkv.w`] = beside([q!.w, k!.w, v!.w]);
    out[`${to}.qkv.b`] = { shape: [3 * d], data: joined([q!.b, k!.b, v!.b].map(({ data }) => data)) };
    const parts = {
      out: source.linear(`${from}.attention.output.dense`, d, d),
      ff1: source.linear(`${from}.intermediate.dense`, d, inner),
      ff2: source.linear(`${from}.output.dense`, inner, d),
    };
    for (const [name, { w, b }] of Object.entries(parts)) {
      out[`${to}.${name}.w`] = w;
      out[`${to}.${name}.b`] = b;
    }
    Object.assign(
      out,
      source.norm(`${from}.attention.output.LayerNorm`, `${to}.ln1`, d),
      source.norm(`${from}.output.LayerNorm`, `${to}.ln2`, d),
    );
  }
  source.finish();
  return out;
}

/** Tensors by their names in BertModel, whatever the prefix of the model around it; each is taken once. */
class Source {
  readonly #tensors: Map<string, Tensor>;
  readonly #missing: string[] = [];

  constructor(tensors: Tensors) {
    this.#tensors = new Map(
      // Checkpoints converted from TensorFlow call gain and bias gamma and beta.
      Object.entries(tensors).map(([name, tensor]) => [
        name
          .replace(/^bert\./, '')
          .replace(/\.gamma$/, '.weight')
          .replace(/\.beta$/, '.bias'),
        tensor,
      ]),
    );
  }

  take(name: string, shape: readonly number[]): Tensor<Float32Array> {
    const tensor = this.#tensors.get(name);
    this.#tensors.delete(name);
    if (tensor === undefined) {
      this.#missing.push(name);
      return { shape, data: new Float32Array() };
    }
    if (tensor.shape.join() !== shape.join())
      throw new BadInput({ field: name }, `shape [${shape}], as config.json says`, `[${tensor.shape}]`);
    if (!(tensor.data instanceof Float32Array))
      throw new BadInput({ field: name }, 'float values', tensor.data.constructor.name);
    return { shape, data: tensor.data };
  }

  norm(name: string, to: string, width: number): BertParameters {
    return {
      [`${to}.g`]: this.take(`${name}.weight`, [width]),
      [`${to}.b`]: this.take(`${name}.bias`, [width]),
    };
  }

  linear(name: string, from: number, to: number): { w: Tensor<Float32Array>; b: Tensor<Float32Array> } {
    return {
      w: transposed(this.take(`${name}.weight`, [to, from])),
      b: this.take(`${name}.bias`, [to]),
    };
  }

  finish(): void {
    if (this.#missing.length > 0) {
      const have = [...this.#tensors.keys()].slice(0, 3).join(', ') || 'nothing else';
      throw new BadInput(
        { file: 'model.safetensors' },
        `tensors ${some(this.#missing)}`,
        have,
        'Take the checkpoint of a BERT encoder, and its own config.json',
      );
    }
    const unknown = [...this.#tensors.keys()].filter((name) => !BESIDE.test(name));
    if (unknown.length > 0)
      throw new BadInput({ file: 'model.safetensors' }, 'the tensors of a BERT encoder', some(unknown));
  }
}

const some = (names: readonly string[]): string =>
  names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');

function transposed({ shape, data }: Tensor<Float32Array>): Tensor<Float32Array> {
  const [rows, columns] = shape as [number, number];
  const out = new Float32Array(data.length);
  for (let r = 0, at = 0; r < rows && data.length > 0; r++)
    for (let c = 0; c < columns; c++) out[c * rows + r] = data[at++]!;
  return { shape: [columns, rows], data: out };
}

/** Matrices of equal shape side by side. */
function beside(parts: readonly Tensor<Float32Array>[]): Tensor<Float32Array> {
  const [rows, columns] = parts[0]!.shape as [number, number];
  const out = new Float32Array(rows * columns * parts.length);
  parts.forEach(({ data }, p) => {
    for (let r = 0; r < rows; r++)
      out.set(data.subarray(r * columns, (r + 1) * columns), (r * parts.length + p) * columns);
  });
  return { shape: [rows, columns * parts.length], data: out };
}

function joined(parts: readonly Float32Array[]): Float32Array {
  const out = new Float32Array(parts.reduce((n, { length }) => n + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
