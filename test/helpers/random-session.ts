/** Sessions of random tokens, every symbol of the vocabulary possible. */

import { emptySession, type SessionInput } from '../../shared/features/sequence.ts';
import {
  GAP_COUNT,
  KIND_COUNT,
  PRICE_COUNT,
  QUERY_BUCKETS,
  QUERY_SLOTS,
} from '../../shared/features/vocabulary.ts';
import type { Random } from '../../shared/random.ts';

/** About a quarter of the tokens has no product; about a quarter has a query. */
export function randomSession(length: number, rows: number, random: Random): SessionInput {
  const input = emptySession(length);
  for (let t = 0; t < length; t++) {
    input.kind[t] = 1 + random.int(KIND_COUNT - 1);
    input.row[t] = random.int(4) === 0 ? -1 : random.int(rows);
    input.gap[t] = random.int(GAP_COUNT);
    input.price[t] = random.int(PRICE_COUNT);
    if (random.int(4) > 0) continue;
    const buckets = 1 + random.int(QUERY_SLOTS);
    for (let i = 0; i < buckets; i++) input.query[t * QUERY_SLOTS + i] = 1 + random.int(QUERY_BUCKETS - 1);
  }
  return input;
}
