/**
 * What popularity gives beside the text in a product's vector: Online Retail's baskets (shared data). Each basket of
 * October asks, by the sum of the vectors of its other products, for its last one, among all products of the earlier
 * months and none of the basket: NDCG@10 by the cosine of the fused vectors. The catalogue tells no category or rating.
 */

import type { BehaviourEvent } from '../../../shared/event.ts';
import type { Product } from '../../../shared/product.ts';
import { products as innerProducts } from '../../../shared/recommend/parts.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { catalogueOf } from '../../../trainer-server/encoders/catalogue.ts';
import { fuseCatalogue } from '../../../trainer-server/encoders/fuse.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import type { TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import type { Figures } from '../bench.ts';
import { retail } from '../recommend/logs.ts';
import { CARRIED, optionsOf } from './edge-encoder.ts';

const DEPTH = 10;
/** Baskets between two that ask. */
const EVERY = 2;

export async function retailBranches(
  settings: TextTrainingOptions,
  say: (line: string) => void,
): Promise<Figures> {
  const log = await retail(EVERY);
  const products = log.products!.map(
    ({ sku, title }): Product => ({ sku, title: title ?? '', category: [] }),
  );
  const events = log.events.map(
    ({ items = [], ...event }): BehaviourEvent => ({
      ...(event as BehaviourEvent),
      items: items.map(({ sku }) => ({ sku, quantity: 1 })),
    }),
  );
  const { textVectors } = await trainEncoders({ products, events, pairs: [] }, optionsOf(settings));
  const catalogue = catalogueOf({ products, events });
  // Without behaviour every product is as popular as any other, which is what a branch that is left out looks like.
  const unvisited = { ...catalogue, touches: new Float64Array(products.length) };
  const figures: Figures = {};
  say(
    `the last product of a basket by its others, ${log.questions.length} baskets of Online Retail, NDCG@10:`,
  );
  const tell = (name: string, own: typeof catalogue, text: Float32Array | undefined): void => {
    const table = { width: CARRIED, data: fuseCatalogue(own, CARRIED, [], text).vectors };
    const found = log.questions.map(({ history, target }) => {
      const rows = history.flatMap(({ items = [] }) =>
        items.flatMap(({ sku }) => catalogue.rowOf(sku) ?? []),
      );
      const query = new Float32Array(CARRIED);
      for (const row of rows) for (let i = 0; i < CARRIED; i++) query[i]! += table.data[row * CARRIED + i]!;
      // Vectors are unit ones: cosines with a sum of n of them lie above -n.
      const scores = innerProducts(table, query).map((x) => x + rows.length + 1);
      for (const row of rows) scores[row] = -1;
      const place = topRows(scores, DEPTH).indexOf(catalogue.rowOf(target) ?? -1);
      return place < 0 ? 0 : 1 / Math.log2(place + 2);
    });
    const ndcg = found.reduce((a, b) => a + b, 0) / found.length;
    say(`  ${name.padEnd(20)} ${ndcg.toFixed(4)}`);
    figures[`retail_branches_${name.replaceAll(' ', '_')}_ndcg10`] = ndcg;
  };
  tell('text and popularity', catalogue, textVectors);
  tell('text alone', unvisited, textVectors);
  tell('popularity alone', catalogue, undefined);
  return figures;
}
