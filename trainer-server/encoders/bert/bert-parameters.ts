/** A checkpoint's tensors under the names and in the shapes of our graph, and the way back. */

import { BadInput } from '../../../shared/errors.ts';
import type { Tensor, Tensors } from '../../../shared/tensors.ts';
import type { BertConfig } from './bert-config.ts';

export type BertParameters = Record<string, Tensor<Float32Array>>;

/** What checkpoints hold beside the encoder: heads of their pretraining and the pooler, which no hidden state needs. */
const BESIDE = /^(cls\.|pooler\.|embeddings\.position_ids$|qa_outputs\.|classifier\.)/;

/** One of our values, and what a checkpoint keeps it as. */
interface Place {
  ours: string;
  /** Of several, in their order, ours stand side by side. */
  published: readonly string[];
  /** Of each as it is published. */
  shape: readonly number[];
  /** PyTorch keeps the matrices of its layers as [out, in]. */
  turned: boolean;
}

/**
 * Our names: `bert.token`, `bert.position`, `bert.type`, `bert.ln0.g|b` and for layer i `bert.li.` + `qkv|out|ff1|ff2`
 * `.w` [in, out] and `.b`, `ln1|ln2` `.g|b`.
 */
function placesOf(config: BertConfig): Place[] {
  const { width: d, inner } = config;
  const table = (ours: string, name: string, rows: number): Place => ({
    ours,
    published: [`embeddings.${name}.weight`],
    shape: [rows, d],
    turned: false,
  });
  const vector = (ours: string, published: readonly string[], size: number): Place => ({
    ours,
    published,
    shape: [size],
    turned: false,
  });
  const norm = (ours: string, name: string): Place[] => [
    vector(`${ours}.g`, [`${name}.weight`], d),
    vector(`${ours}.b`, [`${name}.bias`], d),
  ];
  const linear = (ours: string, names: readonly string[], from: number, to: number): Place[] => [
    { ours: `${ours}.w`, published: names.map((name) => `${name}.weight`), shape: [to, from], turned: true },
    vector(
      `${ours}.b`,
      names.map((name) => `${name}.bias`),
      to,
    ),
  ];
  const layers = Array.from({ length: config.layers }, (_, i) => {
    const [from, to] = [`encoder.layer.${i}`, `bert.l${i}`];
    const heads = ['query', 'key', 'value'].map((part) => `${from}.attention.self.${part}`);
    return [
      ...linear(`${to}.qkv`, heads, d, d),
      ...linear(`${to}.out`, [`${from}.attention.output.dense`], d, d),
      ...linear(`${to}.ff1`, [`${from}.intermediate.dense`], d, inner),
      ...linear(`${to}.ff2`, [`${from}.output.dense`], inner, d),
      ...norm(`${to}.ln1`, `${from}.attention.output.LayerNorm`),
      ...norm(`${to}.ln2`, `${from}.output.LayerNorm`),
    ];
  });
  return [
    table('bert.token', 'word_embeddings', config.vocabulary),
    table('bert.position', 'position_embeddings', config.length),
    table('bert.type', 'token_type_embeddings', config.types),
    ...norm('bert.ln0', 'embeddings.LayerNorm'),
    ...layers.flat(),
  ];
}

/** @throws BadInput naming the tensors that are missing or of another shape, and those that nobody knows */
export function bertParameters(tensors: Tensors, config: BertConfig): BertParameters {
  const source = new Source(tensors);
  const out = placesOf(config).map(({ ours, published, shape, turned }) => {
    const parts = published.map((name) => source.take(name, shape));
    return [ours, beside(turned ? parts.map(transposed) : parts)] as const;
  });
  source.finish();
  return Object.fromEntries(out);
}

/** What `bertParameters` reads, under the names of BertModel. */
export function publishedTensors(parameters: BertParameters, config: BertConfig): Tensors {
  const out = placesOf(config).flatMap(({ ours, published, turned }) => {
    const parts = apart(parameters[ours]!, published.length);
    return published.map((name, p) => [name, turned ? transposed(parts[p]!) : parts[p]!] as const);
  });
  return Object.fromEntries(out);
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

/** Tensors of equal shape side by side along their last axis. */
function beside(parts: readonly Tensor<Float32Array>[]): Tensor<Float32Array> {
  const columns = parts[0]!.shape.at(-1)!;
  const all = columns * parts.length;
  const out = new Float32Array(parts[0]!.data.length * parts.length);
  parts.forEach(({ data }, p) => {
    for (let row = 0; row * columns < data.length; row++)
      out.set(data.subarray(row * columns, (row + 1) * columns), row * all + p * columns);
  });
  return { shape: [...parts[0]!.shape.slice(0, -1), all], data: out };
}

/** What stands side by side, each for itself. */
function apart({ shape, data }: Tensor<Float32Array>, count: number): Tensor<Float32Array>[] {
  const all = shape.at(-1)!;
  const columns = all / count;
  return Array.from({ length: count }, (_, p) => {
    const out = new Float32Array(data.length / count);
    for (let row = 0; row * columns < out.length; row++)
      out.set(data.subarray(row * all + p * columns, row * all + (p + 1) * columns), row * columns);
    return { shape: [...shape.slice(0, -1), columns], data: out };
  });
}
