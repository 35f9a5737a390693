/** The session encoder as a graph: the one definition that is trained and exported. */

import type { SessionEncoderConfig } from '../../shared/models/session-encoder.ts';
import {
  add,
  cast,
  causalMask,
  div,
  dropout,
  gather,
  greater,
  layerNorm,
  matmul,
  maximum,
  mul,
  reshape,
  slice,
  sum,
  type Value,
} from '../graph/index.ts';
import { transformerLayer } from './transformer.ts';

/** Tokens of a batch: kind, gap, price [batch, time]; query [batch, time, slots]; product [batch, time, productWidth]. */
export interface SessionTokens {
  kind: Value;
  gap: Value;
  price: Value;
  /** Absent where no history holds a search: its embedding is then 0. */
  query?: Value;
  product: Value;
}

/** States after every token, [batch, time, width]; semantics in shared/models/session-encoder.ts. */
export function sessionStates(
  p: Record<string, Value>,
  x: SessionTokens,
  config: SessionEncoderConfig,
  rate = 0,
): Value {
  const time = x.kind.shape[1]!;
  let h = add(gather(p['session.kind']!, x.kind), gather(p['session.gap']!, x.gap));
  h = add(h, gather(p['session.price']!, x.price));
  if (x.query !== undefined) h = add(h, queryMean(p['session.query']!, x.query));
  h = add(h, matmul(x.product, p['session.product']!));
  h = add(h, slice(p['session.position']!, 0, 0, time));
  h = dropout(h, rate);
  const mask = causalMask(x.kind, time);
  for (let layer = 0; layer < config.layers; layer++) {
    h = transformerLayer(h, p, `session.l${layer}`, { heads: config.heads, mask, dropout: rate });
  }
  return layerNorm(h, p['session.lnf.g']!, p['session.lnf.b']!);
}

/** Mean of the buckets' embeddings, bucket 0 (padding) left out; 0 where there is none. */
function queryMean(table: Value, query: Value): Value {
  const filled = cast(greater(query, 0), 'f32');
  const embedded = mul(gather(table, query), reshape(filled, [...query.shape, 1]));
  const count = maximum(sum(filled, { axes: [-1], keep: true }), 1);
  return div(sum(embedded, { axes: [-2] }), count);
}
