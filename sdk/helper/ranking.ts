/** Products for a slot or a query, from the release's tables alone: nothing is asked of a server. */

import type { CatalogueFile } from '../../shared/bundle.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { tableScan } from '../../shared/kernels/table-scan.ts';
import { toMajor } from '../../shared/money.ts';
import { integersOf } from '../../shared/quantize.ts';
import { type CrossAnswer, CrossRecommender } from '../../shared/recommend/cross.ts';
import type { Recommender } from '../../shared/recommend/recommend.ts';
import { readCatalogue, readRecommender, type VectorTable } from '../../shared/recommend/tables.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import { readLexicalIndex } from '../../shared/search/lexical-file.ts';
import { LexicalSearch } from '../../shared/search/lexical-index.ts';
import { searchScores } from '../../shared/search/search.ts';
import { readTensors } from '../../shared/tensors.ts';
import type { Recommendation } from '../api.ts';
import type { Model } from '../model.ts';
import type { Beside } from '../protocol.ts';

/** With a kernel over the product table where the device can run one: the whole answer takes half as long. */
export async function openRanking(model: Model): Promise<Ranking> {
  const whole = model.release.files.has('products') ? integersOf(model.tensors, 'products') : undefined;
  return new Ranking(model, whole && (await tableScan(whole).catch(() => undefined)));
}

/** What ranks the products of a release that is here in full. */
export class Ranking {
  readonly #recommender: Recommender | undefined;
  #cross: CrossRecommender | undefined;
  #lexical: LexicalSearch | undefined;
  readonly #text: VectorTable | undefined;

  /**
   * @param chances of a kernel; plain JavaScript where absent
   * @throws BadInput where the idle group's files do not fit each other
   */
  constructor(
    readonly model: Model,
    chances?: Recommender['chances'],
  ) {
    const { files } = model.release;
    if (!files.has('catalogue') || !files.has('products')) return;
    const neighbours = files.get('neighbours');
    const catalogue = readCatalogue({ products: model.products } as CatalogueFile, model.tensors);
    this.#text = catalogue.text;
    this.#recommender = {
      ...readRecommender(catalogue, neighbours && readTensors(neighbours, 'neighbours.safetensors')),
      chances,
    };
  }

  /** @param state the session encoder's after `history`, oldest event first; undefined where there is no encoder */
  recommend(history: readonly BehaviourEvent[], state: Float32Array | undefined, k: number): Recommendation {
    const items = this.#opened()?.next({ history, state, k }) ?? [];
    return { items: recommended(this.model, items) };
  }

  /** What goes with a cart. @param now epoch ms */
  complete(
    { cart, promotion }: Beside,
    history: readonly BehaviourEvent[],
    state: Float32Array | undefined,
    k: number,
    now: number,
  ): Recommendation {
    const { meta } = this.model;
    const cross = this.#opened();
    if (cross === undefined) return { items: [] };
    // A promotion is the policy's to choose: holdouts, masks and what the shopper dismissed are in its decision.
    const promotions = meta.promotions.filter(({ id }) => id === promotion);
    const { items, bundle } = cross.recommend({ cart, history, state, k, now, promotions });
    const major = (price: number): number => toMajor(price, meta.shop.currency);
    return {
      items: recommended(this.model, items),
      ...(bundle && { bundle: { ...bundle, price: major(bundle.price), apart: major(bundle.apart) } }),
    };
  }

  #opened(): CrossRecommender | undefined {
    const { meta, products, relations } = this.model;
    this.#cross ??=
      this.#recommender &&
      new CrossRecommender({
        recommender: this.#recommender,
        products: products as CatalogueFile['products'],
        relations,
        shop: meta.shop,
      });
    return this.#cross;
  }

  /** Judged queries spoke for meaning beside words: only then has the release text vectors. */
  get searchesByMeaning(): boolean {
    return this.#text !== undefined;
  }

  /** @param meaning the query's vector; words alone where absent */
  search(query: string, k: number, meaning?: Float32Array): Recommendation {
    const { products, release } = this.model;
    const index = release.files.get('search');
    if (index === undefined) return { items: [] };
    this.#lexical ??= new LexicalSearch(readLexicalIndex(index));
    const text = this.#text && meaning && { table: this.#text, query: meaning };
    const scores = searchScores(query, products.sku.length, this.#lexical, text);
    // Below zero is left out: what nothing speaks for, and what cannot be bought.
    for (let row = 0; row < scores.length; row++)
      if (scores[row] === 0 || products.available?.[row] === 0) scores[row] = -1;
    return itemsAt(this.model, topRows(scores, k), (row) => scores[row]!);
  }
}

function recommended(model: Model, items: CrossAnswer['items']): Recommendation['items'] {
  const rows = items.map(({ row }) => row);
  return itemsAt(model, rows, () => 0).items.map((item, i) => {
    const { score, reasons, because } = items[i]!;
    return { ...item, score, reasons, because };
  });
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
