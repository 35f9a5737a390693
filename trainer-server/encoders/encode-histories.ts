/** Session states of many histories, as a device with the published files computes them. */

import type { BehaviourEvent } from '../../shared/event.ts';
import { dequantizeRows, packParameters } from '../../shared/quantize.ts';
import { openSession, packedParameters } from '../graph/index.ts';
import type { EncoderModels } from './models.ts';
import { productTable } from './product-table.ts';
import { encodeBatch, sessionOnnx } from './session-export.ts';

/**
 * The int8 session encoder's state after each history, [histories * width]; zeros for an empty history.
 * @throws Error where no session encoder was trained: ask `models.session` first
 */
export async function encodeHistories(
  models: Pick<EncoderModels, 'session' | 'vectors' | 'lookup' | 'priceEdges'>,
  histories: readonly (readonly BehaviourEvent[])[],
): Promise<Float32Array> {
  const { session: model, lookup: products, priceEdges } = models;
  if (model === undefined) throw new Error('encodeHistories: expected a trained session encoder, got none');
  const { config } = model;
  const rows = models.vectors.length / config.productWidth;
  const table = dequantizeRows(productTable(models.vectors, rows, config.productWidth)).data;
  const session = await openSession(sessionOnnx(packedParameters(packParameters(model.parameters)), config));
  try {
    return await encodeBatch({ session, config, table, products, priceEdges }, histories);
  } finally {
    await session.close();
  }
}
