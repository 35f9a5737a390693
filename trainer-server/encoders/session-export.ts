/** The session encoder for every runtime, and batches of histories through it. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { type ProductLookup, SEQUENCE_LENGTH, sequenceOf } from '../../shared/features/sequence.ts';
import { QUERY_SLOTS } from '../../shared/features/vocabulary.ts';
import type { SessionEncoderConfig } from '../../shared/models/session-encoder.ts';
import type { Minor } from '../../shared/money.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { inferenceModel, type QuantizedParameter, rowAt, type Session } from '../graph/index.ts';
import { sessionStates } from './session-network.ts';

/** ONNX bytes; inputs and outputs as every engine expects them: open batch and time, the state of token `last`. */
export function sessionOnnx(
  parameters: Record<string, Tensor<Float32Array> | QuantizedParameter>,
  config: SessionEncoderConfig,
): Uint8Array {
  const tokens = { dtype: 'i32', shape: ['batch', 'time'] } as const;
  return inferenceModel({
    inputs: {
      kind: tokens,
      gap: tokens,
      price: tokens,
      query: { dtype: 'i32', shape: ['batch', 'time', QUERY_SLOTS] },
      product: { dtype: 'f32', shape: ['batch', 'time', config.productWidth] },
      last: { dtype: 'i32', shape: ['batch'] },
    },
    parameters,
    build: (_, p, x) => {
      const { kind, gap, price, query, product } = x;
      const states = sessionStates(
        p,
        { kind: kind!, gap: gap!, price: price!, query: query!, product: product! },
        config,
      );
      return { state: rowAt(states, x.last!) };
    },
  });
}

export interface HistoryEncoder {
  session: Session;
  config: SessionEncoderConfig;
  /** [rows * productWidth]. */
  table: Float32Array;
  products: ProductLookup;
  priceEdges: readonly Minor[];
}

/** Histories a run: enough to fill the cores, few enough to stay in their caches. */
const BATCH = 64;

/** The state after each history, [histories * width]; zeros for an empty one. */
export async function encodeBatch(
  encoder: HistoryEncoder,
  histories: readonly (readonly BehaviourEvent[])[],
): Promise<Float32Array> {
  const { config, session } = encoder;
  const out = new Float32Array(histories.length * config.width);
  const inputs = histories.map((history) =>
    sequenceOf(history, encoder.products, encoder.priceEdges, Math.min(SEQUENCE_LENGTH, config.length)),
  );
  // Histories of like length together, so that little of a batch is padding.
  const order = inputs.map((_, i) => i).filter((i) => inputs[i]!.length > 0);
  order.sort((a, b) => inputs[a]!.length - inputs[b]!.length);
  for (let from = 0; from < order.length; from += BATCH) {
    const members = order.slice(from, from + BATCH);
    const { state } = await session.run(
      feeds(
        encoder,
        members.map((i) => inputs[i]!),
      ),
    );
    members.forEach((i, b) => {
      out.set(state!.data.subarray(b * config.width, (b + 1) * config.width), i * config.width);
    });
  }
  return out;
}

function feeds(
  { config, table }: HistoryEncoder,
  inputs: readonly ReturnType<typeof sequenceOf>[],
): Parameters<Session['run']>[0] {
  const batch = inputs.length;
  const time = Math.max(...inputs.map(({ length }) => length));
  const width = config.productWidth;
  const [kind, gap, price] = [0, 1, 2].map(() => new Int32Array(batch * time));
  const query = new Int32Array(batch * time * QUERY_SLOTS);
  const product = new Float32Array(batch * time * width);
  inputs.forEach((input, b) => {
    const at = b * time;
    kind!.set(input.kind, at);
    gap!.set(input.gap, at);
    price!.set(input.price, at);
    query.set(input.query, at * QUERY_SLOTS);
    input.row.forEach((row, t) => {
      if (row >= 0) product.set(table.subarray(row * width, (row + 1) * width), (at + t) * width);
    });
  });
  return {
    kind: { shape: [batch, time], data: kind! },
    gap: { shape: [batch, time], data: gap! },
    price: { shape: [batch, time], data: price! },
    query: { shape: [batch, time, QUERY_SLOTS], data: query },
    product: { shape: [batch, time, width], data: product },
    last: { shape: [batch], data: Int32Array.from(inputs, ({ length }) => length - 1) },
  };
}
