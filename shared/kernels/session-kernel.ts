/** The session encoder (models/session-encoder.ts) on the kernels; one more event costs one step. */

import type { SessionInput } from '../features/sequence.ts';
import { QUERY_SLOTS } from '../features/vocabulary.ts';
import type { SessionEncoderConfig } from '../models/session-encoder.ts';
import type { Tensors } from '../tensors.ts';
import { checkInput } from './check-input.ts';
import type { Kernels } from './kernels.ts';
import { checkSession } from './limits.ts';
import { copyVector, productTable } from './product-table.ts';
import { loadTransformer } from './transformer.ts';
import { floatLinear, floatProduct, loadTable } from './weights.ts';

/** The state after the last token, [width]; zeros for an empty session. */
export type SessionKernel = (input: SessionInput) => Float32Array;

/** @throws BadInput for sizes beyond the limits or tensors that do not fit them */
export function loadSessionKernel(
  kernels: Kernels,
  config: SessionEncoderConfig,
  tensors: Tensors,
): SessionKernel {
  checkSession(config, tensors);
  const { memory } = kernels;
  const { width, length, productWidth } = config;
  const row = width * 4;
  const products = productTable(tensors, productWidth);
  const table = (name: string): number => loadTable(kernels, tensors, `session.${name}`);
  const [positions, queries] = [table('position'), table('query')];
  const symbols = SYMBOLS.map((name) => [name, table(name)] as const);
  const product = floatProduct(kernels, tensors, 'session.product');
  const vectors = memory.floats(length * productWidth);
  const state = memory.floats(width);
  const layers = loadTransformer(kernels, config, tensors, {
    prefix: 'session',
    causal: true,
    linear: (name) => floatLinear(kernels, tensors, name),
  });
  let before: SessionInput | undefined;

  const embed = (input: SessionInput, t: number): void => {
    const y = layers.x + t * row;
    const add = (table: number, index: number, factor = 1): void =>
      kernels.addRow(y, table + index * row, factor, width);
    memory.view(y, width).fill(0);
    add(positions, t);
    for (const [name, table] of symbols) add(table, input[name][t]!);
    const buckets = queryOf(input, t).filter((bucket) => bucket !== 0);
    for (const bucket of buckets) add(queries, bucket, 1 / buckets.length);
  };

  const embedAll = (input: SessionInput, first: number, rows: number): void => {
    const gathered = memory.view(vectors, rows * productWidth);
    for (let i = 0; i < rows; i++) {
      embed(input, first + i);
      copyVector(products, input, first + i, gathered, i * productWidth);
    }
    product(vectors, productWidth * 4, layers.x + first * row, row, rows, true);
  };

  return (input) => {
    checkInput(input, config);
    if (input.length === 0) return new Float32Array(width);
    const common = commonTokens(before, input);
    if (common < input.length || common !== before!.length) {
      // The last token runs again even where it is known: keys and values are kept, states are not.
      const first = Math.min(common, input.length - 1);
      before = undefined;
      const rows = input.length - first;
      embedAll(input, first, rows);
      layers.run(first, rows, true);
      layers.finish(input.length - 1, 1, state);
      before = input;
    }
    return memory.view(state, width).slice();
  };
}

/** Added as they are, one of each a token. */
const SYMBOLS = ['kind', 'gap', 'price'] as const;

const queryOf = ({ query }: SessionInput, t: number): Int32Array =>
  query.subarray(t * QUERY_SLOTS, (t + 1) * QUERY_SLOTS);

/** How many tokens two sessions begin with alike. */
function commonTokens(a: SessionInput | undefined, b: SessionInput): number {
  let t = 0;
  const same = (name: 'row' | (typeof SYMBOLS)[number]): boolean => a![name][t] === b[name][t];
  const most = Math.min(a?.length ?? 0, b.length);
  for (; t < most; t++) {
    const query = queryOf(b, t);
    const alike =
      same('row') && SYMBOLS.every(same) && queryOf(a!, t).every((bucket, i) => bucket === query[i]);
    // The device makes a product's vector once.
    if (!alike || a!.shown?.get(t) !== b.shown?.get(t)) break;
  }
  return t;
}
