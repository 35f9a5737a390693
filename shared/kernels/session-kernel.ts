/** The session encoder (models/session-encoder.ts) on the kernels; one more event costs one step. */

import type { SessionInput } from '../features/sequence.ts';
import { QUERY_SLOTS } from '../features/vocabulary.ts';
import type { SessionEncoderConfig } from '../models/session-encoder.ts';
import type { Tensors } from '../tensors.ts';
import { checkInput } from './check-input.ts';
import type { Kernels } from './kernels.ts';
import { checkSession } from './limits.ts';
import { copyVector, type ProductTable } from './product-table.ts';
import { loadTransformer } from './transformer.ts';
import { floatLinear, floatProduct, loadTable } from './weights.ts';

export interface SessionKernel {
  /** The state after the last token, [width]; zeros for an empty session. */
  encode(input: SessionInput, products: ProductTable): Float32Array;
  /** Drops what is kept of the session before: needed when a row's vector has changed. */
  forget(): void;
}

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
  const tables = {
    kind: loadTable(kernels, tensors, 'session.kind'),
    gap: loadTable(kernels, tensors, 'session.gap'),
    price: loadTable(kernels, tensors, 'session.price'),
    query: loadTable(kernels, tensors, 'session.query'),
    position: loadTable(kernels, tensors, 'session.position'),
  };
  const product = floatProduct(kernels, tensors, 'session.product');
  const vectors = memory.floats(length * productWidth);
  const state = memory.floats(width);
  const layers = loadTransformer(kernels, config, tensors, {
    prefix: 'session',
    causal: true,
    linear: (name) => floatLinear(kernels, tensors, name),
  });
  let before: SessionInput | undefined;

  const add = (table: number, index: number, y: number, factor: number): void =>
    kernels.addRow(y, table + index * row, factor, width);

  const embed = (input: SessionInput, t: number): void => {
    const y = layers.x + t * row;
    memory.view(y, width).fill(0);
    add(tables.position, t, y, 1);
    for (const name of ['kind', 'gap', 'price'] as const) add(tables[name], input[name][t]!, y, 1);
    const buckets = input.query.subarray(t * QUERY_SLOTS, (t + 1) * QUERY_SLOTS).filter((b) => b !== 0);
    for (const bucket of buckets) add(tables.query, bucket, y, 1 / buckets.length);
  };

  const embedAll = (input: SessionInput, first: number, rows: number, products: ProductTable): void => {
    const gathered = memory.view(vectors, rows * productWidth);
    for (let i = 0; i < rows; i++) {
      embed(input, first + i);
      copyVector(products, input, first + i, gathered, i * productWidth);
    }
    product(vectors, productWidth * 4, layers.x + first * row, row, rows, true);
  };

  return {
    encode(input, products) {
      checkInput(input, config);
      if (input.length === 0) return new Float32Array(width);
      const common = commonTokens(before, input);
      if (common === input.length && common === before?.length) return memory.view(state, width).slice();
      // The last token runs again even where it is known: keys and values are kept, states are not.
      const first = Math.min(common, input.length - 1);
      before = undefined;
      const rows = input.length - first;
      embedAll(input, first, rows, products);
      layers.run(first, rows, true);
      layers.finish(input.length - 1, 1, state);
      before = copyOf(input);
      return memory.view(state, width).slice();
    },
    forget() {
      before = undefined;
    },
  };
}

/** How many tokens two sessions begin with alike. */
function commonTokens(a: SessionInput | undefined, b: SessionInput): number {
  if (a === undefined) return 0;
  const most = Math.min(a.length, b.length);
  for (let t = 0; t < most; t++) {
    const same = (['kind', 'row', 'gap', 'price'] as const).every((name) => a[name][t] === b[name][t]);
    // The device makes a product's vector once.
    if (!same || a.shown?.get(t) !== b.shown?.get(t)) return t;
    for (let i = t * QUERY_SLOTS; i < (t + 1) * QUERY_SLOTS; i++) if (a.query[i] !== b.query[i]) return t;
  }
  return most;
}

/** The caller may write into its arrays again. */
function copyOf({ length, kind, row, gap, price, query, shown }: SessionInput): SessionInput {
  return {
    length,
    kind: kind.slice(),
    row: row.slice(),
    gap: gap.slice(),
    price: price.slice(),
    query: query.slice(),
    ...(shown && { shown }),
  };
}
