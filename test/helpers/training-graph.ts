/** The networks as the training process runs them: the same definitions, fused operators, padded batches. */

import { QUERY_SLOTS } from '../../shared/features/vocabulary.ts';
import { productTable } from '../../shared/kernels/product-table.ts';
import { sessionStates } from '../../trainer-server/encoders/session-network.ts';
import {
  add,
  concat,
  mean,
  type Program,
  reshape,
  rowAt,
  startTraining,
} from '../../trainer-server/graph/index.ts';
import { qValues } from '../../trainer-server/policy/q-network.ts';
import type { Outputs, ParitySample } from '../../trainer-server/release/parity.ts';
import type { EngineCase } from './engine-case.ts';

const BATCH = 32;

/** What the training graph makes of samples of at least one event; Q in the log's own unit. */
export async function trainingGraphOutputs(
  of: EngineCase,
  samples: readonly ParitySample[],
): Promise<Outputs[]> {
  const most = Math.max(...samples.map(({ count }) => count));
  const training = await startTraining(programOf(of, most));
  const outputs: Outputs[] = [];
  try {
    for (let from = 0; from < samples.length; from += BATCH) {
      const batch = samples.slice(from, from + BATCH);
      const { outputs: found } = await training.evaluate(feedsOf(of, batch, most));
      outputs.push(...batch.map(({ count }, i) => outputOf(of, found, i, count, most)));
    }
  } finally {
    await training.close();
  }
  return outputs;
}

function programOf({ session, head, parameters }: EngineCase, most: number): Program {
  const { length } = session;
  const trained = Object.fromEntries(
    Object.entries(parameters).filter(([name]) => name !== 'products' && name !== 'head.unit'),
  );
  return {
    parameters: trained,
    inputs: {
      kind: { dtype: 'i32', shape: [BATCH, length] },
      gap: { dtype: 'i32', shape: [BATCH, length] },
      price: { dtype: 'i32', shape: [BATCH, length] },
      query: { dtype: 'i32', shape: [BATCH, length, QUERY_SLOTS] },
      product: { dtype: 'f32', shape: [BATCH, length, session.productWidth] },
      last: { dtype: 'i32', shape: [BATCH] },
      context: { dtype: 'f32', shape: [BATCH, 1, head.contextWidth] },
      actions: { dtype: 'f32', shape: [BATCH, most, head.actionWidth] },
      eligible: { dtype: 'f32', shape: [BATCH, most, 1] },
    },
    loss(_, p, x) {
      const tokens = { kind: x.kind!, gap: x.gap!, price: x.price!, query: x.query!, product: x.product! };
      const state = rowAt(sessionStates(p, tokens, session), x.last!);
      const whole = concat([reshape(state, [BATCH, 1, session.width]), x.context!], 2);
      const { value, advantage } = qValues(p, head, whole, x.actions!, x.eligible!);
      const q = add(value, advantage);
      return { loss: mean(q), outputs: { state, q } };
    },
  };
}

function feedsOf(
  { session, head, parameters }: EngineCase,
  batch: readonly ParitySample[],
  most: number,
): Record<string, Float32Array | Int32Array> {
  const { length, productWidth } = session;
  const feeds = {
    kind: new Int32Array(BATCH * length),
    gap: new Int32Array(BATCH * length),
    price: new Int32Array(BATCH * length),
    query: new Int32Array(BATCH * length * QUERY_SLOTS),
    product: new Float32Array(BATCH * length * productWidth),
    last: new Int32Array(BATCH),
    context: new Float32Array(BATCH * head.contextWidth),
    actions: new Float32Array(BATCH * most * head.actionWidth),
    // A row of the batch that holds no sample still divides by its number of promotions.
    eligible: new Float32Array(BATCH * most).fill(1),
  };
  const products = productTable(parameters, productWidth);
  batch.forEach(({ session: input, context, actions, count }, b) => {
    for (const name of ['kind', 'gap', 'price'] as const) feeds[name].set(input[name], b * length);
    feeds.query.set(input.query, b * length * QUERY_SLOTS);
    input.row.forEach((row, t) => {
      const { int8, scale } = products.vectorOf(row);
      for (let i = 0; i < int8.length; i++)
        feeds.product[(b * length + t) * productWidth + i] = int8[i]! * scale;
    });
    feeds.last[b] = input.length - 1;
    feeds.context.set(context, b * head.contextWidth);
    feeds.actions.set(actions, b * most * head.actionWidth);
    feeds.eligible.fill(0, b * most + count, (b + 1) * most);
  });
  return feeds;
}

function outputOf(
  { session, parameters }: EngineCase,
  found: Record<string, Float32Array>,
  sample: number,
  count: number,
  most: number,
): Outputs {
  const [offset, scale] = parameters['head.unit']!.data as unknown as [number, number];
  return {
    state: found['state']!.slice(sample * session.width, (sample + 1) * session.width),
    q: found['q']!.slice(sample * most, sample * most + count).map((value) => offset + scale * value),
  };
}
