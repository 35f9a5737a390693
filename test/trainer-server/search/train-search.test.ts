import { describe, expect, it } from 'vitest';
import { LexicalSearch } from '../../../shared/search/lexical-index.ts';
import { trainSearch } from '../../../trainer-server/search/train-search.ts';

const products = [
  { sku: 'shoe', title: 'trainer shoe', category: [] },
  { sku: 'lamp', title: 'desk lamp', category: [] },
];
/** Who searches so and takes the shoe. */
const searching = (query: string, visitors: readonly string[]) =>
  visitors.flatMap((visitor) => [
    { visitor, name: 'search' as const, query },
    { visitor, name: 'add_to_cart' as const, items: [{ sku: 'shoe', quantity: 1 }] },
  ]);
const catalogue = { products, touches: Float64Array.of(1, 0) };

describe('trainSearch', () => {
  it('finds a product by words that only its shoppers use', async () => {
    const { index } = await trainSearch(catalogue, { events: searching('sneakers', ['u', 'v', 'w']) });
    const scores = new LexicalSearch(index).scores('sneaker');
    expect(scores[0]).toBeGreaterThan(0);
    expect(scores[1]).toBe(0);
  });

  it('publishes no word that fewer than three shoppers searched by', async () => {
    const events = [...searching('sneakers', ['u', 'v', 'w']), ...searching('jane doe', ['u', 'v'])];
    const { index } = await trainSearch(catalogue, { events });
    expect(index.terms).toContain('sneaker');
    expect(index.terms).not.toContain('doe');
  });

  it('does not ask what meaning is worth by queries that taught it', async () => {
    const judgements = ['shoe', 'lamp'].map((query) => ({ query, sku: query, grade: 3 }));
    const asked: string[] = [];
    const encode = async (queries: readonly string[]): Promise<Float32Array> => {
      asked.push(...queries);
      return new Float32Array(queries.length);
    };
    const table = { width: 1, data: new Float32Array(2) };
    await trainSearch(catalogue, { events: [], judgements }, { table, encode, taught: new Set(['shoe']) });
    expect(asked).toEqual(['lamp']);
  });

  it('goes by words first without judged queries', async () => {
    const { index, report } = await trainSearch(catalogue, { events: [] });
    expect(report.queries).toBe(0);
    expect(index.ranker).toEqual({ meaning: 0, popularity: 0 });
  });
});
