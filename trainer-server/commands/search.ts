/** `search`: ranks the catalogue for queries. */

import * as v from 'valibot';
import { read } from '../../shared/read.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import { readLexicalIndex } from '../../shared/search/lexical-file.ts';
import { LexicalSearch } from '../../shared/search/lexical-index.ts';
import { searchScores } from '../../shared/search/search.ts';
import { catalogueTables, textEncoder } from '../recommend/open-bundle-tables.ts';
import { openBundle } from '../release/bundle.ts';
import { answerLines } from './answer-lines.ts';
import type { Command } from './command.ts';
import { needed, numberOption } from './options.ts';
import { significant } from './recommend.ts';

const HELP = `
promo-edge search --bundle BUNDLE [--k K] < queries.jsonl

Reads lines {id?, query, history?} and prints for each {id?, items: [sku...], scores: [...]}, best first: BM25 over title,
brand, category, attributes and description, with the text encoder's similarity beside it; 0
where nothing speaks for a product. A history may stand in a line and changes nothing: the same words find the same for
everyone.

  --k  how many products (default 20)
`;

const schema = v.object({
  id: v.nullish(v.union([v.string(), v.number()])),
  query: v.string(),
  history: v.nullish(v.array(v.unknown())),
});

export const command: Command = {
  name: 'search',
  summary: 'rank the catalogue for search queries',
  help: HELP,
  options: { bundle: { type: 'string' }, k: { type: 'string' } },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const k = numberOption(values, 'k', { fallback: 20, min: 1, max: 1_000_000, integer: true });
    const { columns, text } = await catalogueTables(bundle);
    const index = await bundle.bytes('search');
    const lexical = index && new LexicalSearch(readLexicalIndex(index));
    const encoder = text && (await textEncoder(bundle));
    const readQuery = (raw: unknown) => {
      const { id, query } = read(schema, raw);
      return { id: id ?? undefined, query };
    };
    await answerLines(io, readQuery, async (batch) => {
      const vectors = encoder && (await encoder.encode(batch.map(({ query }) => query)));
      return batch.map(({ id, query }, i) => {
        const own = encoder && vectors?.subarray(i * encoder.width, (i + 1) * encoder.width);
        const meaning = text && own && { table: text, query: own };
        const scores = searchScores(query, columns.sku.length, lexical, meaning);
        const rows = topRows(scores, k);
        return {
          ...(id === undefined ? {} : { id }),
          items: rows.map((row) => columns.sku[row]!),
          scores: rows.map((row) => significant(scores[row]!)),
        };
      });
    });
    return 0;
  },
};
