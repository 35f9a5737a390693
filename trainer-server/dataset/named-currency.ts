/** The currency that the prices of a catalogue name themselves, for a shop that declares none. */

import { currencyIn } from '../../shared/money-text.ts';
import { jsonLines, openMaybeGzip } from './lines.ts';

/** Products looked at: a feed that writes "12,50 EUR" does so on its first lines. */
const LOOKED_AT = 1000;

/** @param path of products.jsonl */
export async function namedCurrency(path: string): Promise<string | undefined> {
  const rows = jsonLines(
    await openMaybeGzip(path),
    (raw) => raw,
    () => undefined,
  );
  let seen = 0;
  for await (const row of rows) {
    const found = currencyIn((row as { price?: unknown } | null)?.price);
    if (found !== undefined || ++seen === LOOKED_AT) return found;
  }
  return undefined;
}
