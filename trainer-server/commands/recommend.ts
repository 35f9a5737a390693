/** `recommend`: ranks the whole catalogue for each history. */

import * as v from 'valibot';
import type { BehaviourEvent } from '../../shared/event.ts';
import { toMajor } from '../../shared/money.ts';
import { read } from '../../shared/read.ts';
import { type CrossAnswer, CrossRecommender } from '../../shared/recommend/cross.ts';
import { recommendScores } from '../../shared/recommend/recommend.ts';
import { spreadBaskets } from '../../shared/recommend/spread.ts';
import { readRecommender } from '../../shared/recommend/tables.ts';
import { topRows } from '../../shared/recommend/top-rows.ts';
import { encodeBatch } from '../encoders/session-export.ts';
import { catalogueTables, historyEncoder } from '../recommend/open-bundle-tables.ts';
import { openBundle } from '../release/bundle.ts';
import { answerLines } from './answer-lines.ts';
import type { Command } from './command.ts';
import { readHistory } from './history-line.ts';
import { needed, numberOption } from './options.ts';

const HELP = `
promo-edge recommend --bundle BUNDLE [--k K] < requests.jsonl

Reads lines {id?, history: [event...], exclude_seen?: bool} and prints for each {id?, items: [sku...], scores: [...]},
best first. Every product of the catalogue is ranked; events are those of events.jsonl, oldest first.

A line with cart: [sku...] asks for what goes with these products: complements, not substitutes, nothing that was bought
or cannot be had, as relations.jsonl states it. The answer has reasons: [[words...]...] and, where prices are known,
bundle: {skus, price, apart, promotion?}.

  --k  how many products (default 20)
`;

const schema = v.object({
  id: v.nullish(v.union([v.string(), v.number()])),
  history: v.nullish(v.array(v.unknown()), []),
  exclude_seen: v.nullish(v.boolean(), false),
  cart: v.nullish(v.array(v.pipe(v.union([v.string(), v.number()]), v.transform(String)))),
});

interface Request {
  id: string | number | undefined;
  history: BehaviourEvent[];
  excludeSeen: boolean;
  cart: string[] | undefined;
}

export const command: Command = {
  name: 'recommend',
  summary: 'rank the catalogue for shoppers by their histories',
  help: HELP,
  options: { bundle: { type: 'string' }, k: { type: 'string' } },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    const k = numberOption(values, 'k', { fallback: 20, min: 1, max: 1_000_000, integer: true });
    const first = await bundle.first();
    const catalogue = await catalogueTables(bundle);
    const recommender = readRecommender(catalogue, await bundle.tensors('neighbours'));
    const encoder = await historyEncoder(bundle, catalogue, first);
    const { products, relations } = (await bundle.catalogue())!;
    const { shop } = first;
    const bundles = first.promotions.filter(({ terms }) => terms.type === 'bundle');
    const cross = new CrossRecommender({ recommender, products, relations, shop });
    const besideCart = (cart: string[], history: BehaviourEvent[], state: Float32Array | undefined) =>
      crossLine(
        cross.recommend({ cart, history, state, k, now: history.at(-1)?.ts, promotions: bundles }),
        shop.currency,
      );
    const readRequest = (raw: unknown): Request => {
      const { id, history, exclude_seen: excludeSeen, cart } = read(schema, raw);
      return {
        id: id ?? undefined,
        history: readHistory(history ?? [], first.shop.currency),
        excludeSeen: excludeSeen ?? false,
        cart: cart ?? undefined,
      };
    };
    await answerLines(io, readRequest, async (batch) => {
      const histories = batch.map(({ history }) => spreadBaskets(history));
      const states = encoder && (await encodeBatch(encoder, histories));
      return batch.map(({ id, history, excludeSeen, cart }, i) => {
        const width = encoder?.config.width ?? 0;
        const state = history.length === 0 ? undefined : states?.subarray(i * width, (i + 1) * width);
        if (cart !== undefined)
          return { ...(id === undefined ? {} : { id }), ...besideCart(cart, history, state) };
        const scores = recommendScores(recommender, { history, excludeSeen }, state);
        const rows = topRows(scores, k);
        return {
          ...(id === undefined ? {} : { id }),
          items: rows.map((row) => catalogue.columns.sku[row]!),
          scores: rows.map((row) => significant(scores[row]!)),
        };
      });
    });
    await encoder?.session.close();
    return 0;
  },
};

/** Prices in major units, as all files have them. */
function crossLine({ items, bundle }: CrossAnswer, currency: string): object {
  return {
    items: items.map(({ sku }) => sku),
    scores: items.map(({ score }) => significant(score)),
    reasons: items.map(({ reasons }) => reasons),
    ...(bundle === undefined
      ? {}
      : {
          bundle: {
            ...bundle,
            price: toMajor(bundle.price, currency),
            apart: toMajor(bundle.apart, currency),
          },
        }),
  };
}

/** Six digits tell scores apart; more is noise of the arithmetic. */
export const significant = (score: number): number => Number(score.toPrecision(6));
