/**
 * `train` and `search` on Icecat's catalogue (shared data): the open queries in five folds, each searched with what was
 * learned from the judgements of the other four, beside plain BM25 over all fields as one text.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { hash32 } from '../../shared/random.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import { writeLexicalIndex } from '../../shared/search/lexical-file.ts';
import { buildLexicalIndex, LexicalSearch } from '../../shared/search/lexical-index.ts';
import { searchScores } from '../../shared/search/search.ts';
import { byTitle } from '../../trainer-server/search/by-title.ts';
import { gain } from '../../trainer-server/search/ndcg.ts';
import { promoEdgeJson } from '../helpers/cli.ts';
import type { Bench, Figures } from './bench.ts';
import { type IcecatLine, icecat, judgements } from './search/icecat.ts';

const FOLDS = 5;
const DEPTH = 10;

export const bench: Bench = {
  summary: 'NDCG@10 on judged queries, cross-validated (needs npm run build and the shared data)',
  async run({ quick, full, say }): Promise<Figures> {
    const products = icecat();
    const grades = judgements();
    const queries = [...grades.keys()].filter((query) =>
      [...grades.get(query)!.values()].some((grade) => grade > 0),
    );
    const plain = plainBm25(products);
    const found: { query: string; ours: number; bm25: number }[] = [];
    for (let fold = 0; fold < (quick ? 1 : FOLDS); fold++) {
      const asked = queries.filter((query) => hash32(`fold ${query}`) % FOLDS === fold);
      const answers = await searchWith(
        products,
        queries.filter((query) => !asked.includes(query)),
        grades,
        asked,
        full,
      );
      for (const query of asked)
        found.push({
          query,
          ours: ndcg(answers.get(query)!, grades.get(query)!),
          bm25: ndcg(plain(query), grades.get(query)!),
        });
      say(
        `fold ${fold}: ${asked.length} queries, NDCG@10 ${mean(found.map(({ ours }) => ours)).toFixed(4)} so far`,
      );
    }
    const gains = found.map(({ ours, bm25 }) => ours - bm25);
    const error = Math.sqrt(mean(gains.map((x) => (x - mean(gains)) ** 2)) / gains.length);
    return {
      icecat_ndcg10: mean(found.map(({ ours }) => ours)),
      icecat_bm25_ndcg10: mean(found.map(({ bm25 }) => bm25)),
      icecat_gain: mean(gains),
      icecat_gain_low: mean(gains) - 1.96 * error,
      icecat_gain_high: mean(gains) + 1.96 * error,
      queries: found.length,
      ...deviceFigures(products, queries),
    };
  },
};

/** Products found for each asked query, best first. */
async function searchWith(
  products: readonly IcecatLine[],
  learn: readonly string[],
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>,
  asked: readonly string[],
  full: boolean,
): Promise<Map<string, string[]>> {
  const dir = await mkdtemp(join(tmpdir(), 'promo-edge-search-'));
  try {
    const [data, bundle] = [join(dir, 'data'), join(dir, 'bundle')];
    await mkdir(data);
    const lines = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
    const judged = learn.flatMap((query) =>
      [...grades.get(query)!].map(([sku, grade]) => ({ query, sku, grade })),
    );
    await writeFile(join(data, 'products.jsonl'), lines(products));
    await writeFile(join(data, 'judgements.jsonl'), lines(judged));
    await promoEdgeJson(['train', '--data', data, '--out', bundle, ...(full ? [] : ['--only', 'search'])]);
    const answers = await promoEdgeJson<{ id: string; items: string[] }>(
      ['search', '--bundle', bundle, '--k', String(DEPTH)],
      asked.map((query) => ({ id: query, query })),
    );
    return new Map(answers.map(({ id, items }) => [id, items]));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** BM25 as in Robertson and Zaragoza 2009, k1 1.2 and b 0.75, over title, brand, description and attributes as one text. */
function plainBm25(products: readonly IcecatLine[]): (query: string) => string[] {
  const field = { boost: 1, b: 0.75 };
  const none = { boost: 0, b: 0 };
  const whole = products.map(({ title, brand, description, attributes }) => ({
    title: [title, brand, description, ...Object.values(attributes)].join(' '),
  }));
  const fields = {
    title: field,
    brand: none,
    category: none,
    attributes: none,
    description: none,
    asked: none,
  };
  const search = new LexicalSearch(buildLexicalIndex(whole, { k1: 1.2, fields }));
  return (query) => topRows(search.scores(query), DEPTH).map((row) => products[row]!.sku);
}

function deviceFigures(products: readonly IcecatLine[], queries: readonly string[]): Figures {
  const index = buildLexicalIndex(products);
  const search = new LexicalSearch(index);
  // A letter left out of every second query: looking for what was meant is part of the time.
  const asked = queries.map((query, i) => (i % 2 === 0 ? query : query.slice(0, -2) + query.slice(-1)));
  const times = [...asked, ...asked, ...asked].map((query) => {
    const began = performance.now();
    topRows(searchScores(query, products.length, search), 20);
    return performance.now() - began;
  });
  times.sort((a, b) => a - b);
  const packed = [byTitle(products), undefined].map(
    (order) => brotliCompressSync(writeLexicalIndex(index, order)).length,
  );
  return {
    device_p95_ms: times[Math.floor(0.95 * times.length)]!,
    device_products: products.length,
    index_br_bytes: packed[0]!,
    index_unsorted_br_bytes: packed[1]!,
  };
}

function ndcg(items: readonly string[], grades: ReadonlyMap<string, number>): number {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, DEPTH);
  return gain(items.slice(0, DEPTH).map((sku) => grades.get(sku) ?? 0)) / gain(best);
}

const mean = (values: readonly number[]): number =>
  values.reduce((a, b) => a + b, 0) / Math.max(1, values.length);
