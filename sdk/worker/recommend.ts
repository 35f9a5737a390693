/** Products for a slot or a query, from the release's tables alone: nothing is asked of a server. */

import type { CatalogueFile } from '../../shared/bundle.ts';
import type { Engine } from '../../shared/engine.ts';
import { type BehaviourEvent, itemsOf } from '../../shared/event.ts';
import { sequenceOf } from '../../shared/features/sequence.ts';
import { toMajor } from '../../shared/money.ts';
import { type Recommender, recommendScores, topRows } from '../../shared/recommend/recommend.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { readCatalogue, readRecommender } from '../../shared/recommend/tables.ts';
import { type LexicalIndex, LexicalSearch } from '../../shared/search/lexical-index.ts';
import { searchScores } from '../../shared/search/search.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { Recommendation } from '../api.ts';
import type { Model } from './model.ts';

/** What ranks products; made once a release, when it is first asked. */
export class Ranking {
  readonly #recommender: Recommender | undefined;
  #lexical: LexicalSearch | undefined;

  /** @throws BadInput where the idle group's files do not fit each other */
  constructor(
    readonly model: Model,
    readonly engine: Engine,
  ) {
    const { files } = model.release;
    // The idle group comes whole: without the catalogue, nothing else of it is here.
    if (!files.has('catalogue') || !files.has('products')) return;
    const neighbours = files.get('neighbours');
    const catalogue = readCatalogue({ products: model.products } as CatalogueFile, model.tensors);
    this.#recommender = readRecommender(
      catalogue,
      neighbours && readTensors(neighbours, 'neighbours.safetensors'),
    );
  }

  /** @param history oldest first */
  async recommend(history: readonly BehaviourEvent[], k: number): Promise<Recommendation> {
    const { model } = this;
    if (this.#recommender === undefined) return popular(model, history, k);
    const input = sequenceOf(spreadBaskets(history), model.decision.products, model.meta.features.priceEdges);
    const state = model.meta.session === undefined ? undefined : await this.engine.encodeSession(input);
    const allowed = model.products.available;
    const scores = recommendScores(this.#recommender, { history, excludeSeen: true, allowed }, state);
    return itemsAt(model, topRows(scores, k), (row) => scores[row]!);
  }

  search(query: string, k: number): Recommendation {
    const { products, release } = this.model;
    const index = release.files.get('search');
    if (index === undefined) return { items: [] };
    this.#lexical ??= new LexicalSearch(JSON.parse(new TextDecoder().decode(index)) as LexicalIndex);
    const scores = searchScores(query, products.sku.length, this.#lexical);
    // Below zero is left out: what no word matches, and what cannot be bought.
    for (let row = 0; row < scores.length; row++)
      if (scores[row] === 0 || products.available?.[row] === 0) scores[row] = -1;
    return itemsAt(this.model, topRows(scores, k), (row) => scores[row]!);
  }
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
