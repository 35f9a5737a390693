/** Products for a slot or a query, from the release's tables alone: nothing is asked of a server. */

import type { Engine } from '../../shared/engine.ts';
import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { sequenceOf } from '../../shared/features/sequence.ts';
import { toMajor } from '../../shared/money.ts';
import { unpackParameter } from '../../shared/quantize.ts';
import { type Recommender, recommendScores, topRows } from '../../shared/recommend/recommend.ts';
import { readRelation } from '../../shared/recommend/relation.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { type LexicalIndex, LexicalSearch } from '../../shared/search/lexical-index.ts';
import { readTensors, tensorOf } from '../../shared/tensors.ts';
import type { Recommendation } from '../api.ts';
import type { Model } from './model.ts';

/** What ranks products; made once a release, when it is first asked. */
export class Ranking {
  readonly #recommender: Recommender | undefined;
  #search: LexicalSearch | undefined;

  constructor(
    readonly model: Model,
    readonly engine: Engine,
  ) {
    this.#recommender = openRecommender(model);
  }

  /** @param history oldest first */
  async recommend(history: readonly BehaviourEvent[], k: number): Promise<Recommendation> {
    const { model } = this;
    if (this.#recommender === undefined) return popular(model, history, k);
    const spread = spreadBaskets(history);
    const input = sequenceOf(spread, model.decision.products, model.meta.features.priceEdges);
    const state = model.meta.session === undefined ? undefined : await this.engine.encodeSession(input);
    const allowed = model.products.available;
    const scores = recommendScores(this.#recommender, { history, excludeSeen: true, allowed }, state);
    return itemsAt(model, topRows(scores, k), (row) => scores[row]!);
  }

  search(query: string, k: number): Recommendation {
    const bytes = this.model.release.files.get('search');
    if (bytes === undefined) return { items: [] };
    this.#search ??= new LexicalSearch(JSON.parse(new TextDecoder().decode(bytes)) as LexicalIndex);
    const { available } = this.model.products;
    const scores = this.#search
      .scores(query)
      .map((score, row) => (score > 0 && available?.[row] !== 0 ? score : -1));
    return itemsAt(this.model, topRows(scores, k), (row) => scores[row]!);
  }
}

/** Undefined while the idle group is on its way, or where nothing was trained. @throws BadInput */
function openRecommender({ release, products, tensors }: Model): Recommender | undefined {
  const bytes = release.files.get('neighbours');
  if (bytes === undefined || !release.files.has('products')) return undefined;
  const file = readTensors(bytes, 'neighbours.safetensors');
  const rows = products.sku.length;
  const { shape, data } = tensorOf(file, 'blend');
  const parts = shape[1]!;
  const vectors = unpackParameter(tensors, 'products');
  const bySku = new Map(products.sku.map((sku, row) => [sku, row]));
  return {
    rows,
    next: readRelation(file, 'next'),
    together: readRelation(file, 'together'),
    popularity: tensorOf(file, 'popularity', [rows]).data as Float32Array,
    vectors: { width: vectors.shape[1]!, data: vectors.data },
    blend: Array.from({ length: shape[0]! }, (_, i) => [...data.subarray(i * parts, (i + 1) * parts)]),
    rowOf: (sku) => bySku.get(sku),
  };
}

/** Before the recommender's tables are here: the most visited products, which come first, and unseen ones. */
function popular(model: Model, history: readonly BehaviourEvent[], k: number): Recommendation {
  const { sku, available } = model.products;
  const seen = new Set(history.flatMap((event) => itemsOf(event).map((item) => item.sku)));
  const rows: number[] = [];
  for (let row = 0; row < sku.length && rows.length < k; row++)
    if (available?.[row] !== 0 && !seen.has(sku[row]!)) rows.push(row);
  return itemsAt(model, rows, (row) => 1 / (row + 1));
}

/** Rows of the product table as a page shows them. */
function itemsAt(
  { products, meta }: Model,
  rows: readonly number[],
  score: (row: number) => number,
): Recommendation {
  const items = rows.map((row) => {
    const price = products.price[row];
    const title = products.title?.[row];
    return {
      sku: products.sku[row]!,
      score: score(row),
      ...(title === undefined ? {} : { title }),
      ...(price == null ? {} : { price: toMajor(price, meta.shop.currency) }),
    };
  });
  return { items };
}
