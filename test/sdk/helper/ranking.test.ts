import { beforeAll, describe, expect, it } from 'vitest';
import { openRanking, type Ranking } from '../../../sdk/helper/ranking.ts';
import { type ModelFiles, openModel } from '../../../sdk/model.ts';
import type { FileRole } from '../../../shared/manifest.ts';
import { quantizeRows } from '../../../shared/quantize.ts';
import { writeLexicalIndex } from '../../../shared/search/lexical-file.ts';
import { buildLexicalIndex, type LexicalIndex } from '../../../shared/search/lexical-index.ts';
import { readTensors, writeTensors } from '../../../shared/tensors.ts';
import { bundleFixture } from '../../helpers/bundle-fixture.ts';

const PRODUCTS = 6;
const WIDTH = 64;

/** Of a release whose products are called "Product 0 of 1", "Product 1 of 1" and so on. */
let release: ModelFiles;
beforeAll(async () => {
  const { signed, files } = await bundleFixture({ products: PRODUCTS });
  const manifest = signed.signed;
  const read = manifest.files.map(({ role, sha256 }) => [role, files.get(sha256)!] as const);
  release = { manifest, files: new Map<FileRole, Uint8Array>(read) };
});

const indexOf = (ranker: LexicalIndex['ranker']): Uint8Array => {
  const titles = Array.from({ length: PRODUCTS }, (_, i) => ({ title: `Product ${i}` }));
  return writeLexicalIndex({ ...buildLexicalIndex(titles), ...(ranker && { ranker }) });
};

const rankingOf = (files: [FileRole, Uint8Array][]): Promise<Ranking> =>
  openRanking(openModel({ ...release, files: new Map([...release.files, ...files]) }));

/** Text vectors along one axis: product 4 is what is asked for, the others are its opposite. */
function meaningOf(): { table: Uint8Array; query: Float32Array } {
  const data = new Float32Array(PRODUCTS * WIDTH);
  for (let row = 0; row < PRODUCTS; row++) data[row * WIDTH] = row === 4 ? 1 : -1;
  const { int8, scale } = quantizeRows({ shape: [PRODUCTS, WIDTH], data });
  const own = readTensors(release.files.get('products')!, 'products');
  const query = new Float32Array(WIDTH);
  query[0] = 1;
  return { table: writeTensors({ ...own, text: int8, 'text.scale': scale }), query };
}

const skus = ({ items }: { items: { sku: string }[] }): string[] => items.map(({ sku }) => sku);

describe('search on the device', () => {
  it('goes by words alone where the release has no text vectors', async () => {
    const ranking = await rankingOf([['search', indexOf({ meaning: 0, popularity: 0 })]]);
    expect(ranking.searchesByMeaning).toBe(false);
    expect(skus(ranking.search('product 2', 1))).toEqual(['p2']);
    expect(skus(ranking.search('infusion', 3))).toEqual([]);
  });

  it('weighs meaning as the release says where it has them', async () => {
    const { table, query } = meaningOf();
    const ranking = await rankingOf([
      ['search', indexOf({ meaning: 3, popularity: 0 })],
      ['products', table],
    ]);
    expect(ranking.searchesByMeaning).toBe(true);
    expect(skus(ranking.search('product 2', 2, query))).toEqual(['p4', 'p2']);
    // No word of the catalogue: what is near is found all the same, and nothing else.
    expect(skus(ranking.search('infusion', 3, query))).toEqual(['p4']);
  });
});
