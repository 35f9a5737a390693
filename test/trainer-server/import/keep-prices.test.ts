import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../trainer-server/dataset/load.ts';
import { importHere, temporaryFolder } from '../../helpers/import-here.ts';

/** Imports happen on 1 January 2026. */
const TODAY = '2026-01-01T00:00:00.000Z';
const catalogue = (prices: Record<string, number | undefined>): Record<string, string> => ({
  'shop.json': '{"currency":"EUR"}',
  'products.jsonl': Object.entries(prices)
    .map(([sku, price]) => JSON.stringify({ sku, title: sku, price }))
    .join('\n'),
});

function begun(history = '', name = 'price_history.jsonl'): string {
  const dir = join(temporaryFolder(), 'data');
  mkdirSync(dir);
  writeFileSync(join(dir, name), name.endsWith('.gz') ? gzipSync(history) : history);
  return dir;
}

describe('the price history of a data folder', () => {
  it('begins with an empty file, and gets a row for each price that an import changes', async () => {
    const dir = begun();
    await importHere('jsonl', catalogue({ mug: 20, pot: 45.5, gift: undefined }), dir);
    const { rows, report } = await importHere('jsonl', catalogue({ mug: 15, pot: 45.5 }), dir);
    expect(rows('price_history.jsonl')).toEqual([
      { sku: 'mug', ts: TODAY, price: 20 },
      { sku: 'pot', ts: TODAY, price: 45.5 },
      { sku: 'mug', ts: TODAY, price: 15 },
    ]);
    expect(report.written['price_history.jsonl']).toBe(3);
    // The lowest price of today is 15: of two rows of one moment the later one is in force.
    const again = await importHere('jsonl', catalogue({ mug: 15, pot: 45.5 }), dir);
    expect(again.rows('price_history.jsonl')).toHaveLength(3);
  });

  it('keeps every byte that was there: rows of any order, open lines, what it cannot read, gzipped files', async () => {
    const before = [
      '{"sku":"mug","ts":"2025-12-20","price":18}',
      '{"sku":"mug","ts":"2025-12-01","price":25}',
      'not json',
      '{"sku":"pot","ts":1764547200000,"price":40}',
    ].join('\n');
    for (const name of ['price_history.jsonl', 'price_history.jsonl.gz']) {
      const dir = begun(before, name);
      await importHere('jsonl', catalogue({ mug: 18, pot: 41 }), dir);
      const after = readFileSync(join(dir, 'price_history.jsonl'), 'utf8');
      expect(after).toBe(`${before}\n{"sku":"pot","ts":"${TODAY}","price":41}\n`);
      const { priceHistory } = await loadDataset(dir, ['products']);
      expect(priceHistory!.map(({ price }) => price)).toEqual([1800, 2500, 4000, 4100]);
    }
  });

  it('is not begun for a shop that keeps none', async () => {
    const { rows } = await importHere('jsonl', catalogue({ mug: 20 }));
    expect(rows('price_history.jsonl')).toEqual([]);
  });
});
