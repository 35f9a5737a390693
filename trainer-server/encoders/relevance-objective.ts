/**
 * What people found relevant to a query, to be told by the cosine of both vectors: of two products the better graded one
 * should be nearer (Burges et al. 2005, RankNet), the further their grades lie apart the more it counts. Half of the worse
 * ones are judged, half are any product of the catalogue, which nobody judged because nothing speaks for it.
 */

import { productText } from '../../shared/features/profile-text.ts';
import type { TextTokenizer } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Product } from '../../shared/product.ts';
import { hash32, type Random } from '../../shared/random.ts';
import type { Judgement } from '../dataset/rows.ts';
import {
  concat,
  crossEntropy,
  type Feeds,
  mul,
  type Program,
  slice,
  sum,
  type Value,
} from '../graph/index.ts';
import { padded } from './draw.ts';
import { nestedLoss } from './nested-loss.ts';
import { textStates, textVectors } from './text-network.ts';
import type { TextTrainingOptions } from './text-options.ts';

/** Grades go from 0 to this. */
const BEST_GRADE = 3;

/** Queries below which there is nothing to learn beyond the queries themselves. */
const LEAST_QUERIES = 20;

interface Graded {
  text: string;
  grade: number;
}

export interface RelevanceLabels {
  /** Each with something better and something worse. */
  queries: readonly { text: string; graded: readonly Graded[] }[];
  /** Texts of the catalogue. */
  others: readonly string[];
}

/**
 * The queries that teach the encoder: every other one, by its hash. What is told by the others, such as how much meaning
 * weighs in search, is then not told by what the encoder knows by heart.
 */
export const taughtQueries = (judgements: readonly Judgement[]): ReadonlySet<string> =>
  new Set(judgements.flatMap(({ query }) => (hash32(`taught ${query}`) % 2 === 0 ? [query] : [])));

/** @param taught queries to learn from @returns undefined where they are too few */
export function relevanceLabels(
  catalogue: readonly Product[],
  judgements: readonly Judgement[],
  taught: ReadonlySet<string>,
): RelevanceLabels | undefined {
  const texts = new Map(
    catalogue
      .map((product) => [product.sku, productText(product)] as const)
      .filter(([, text]) => text !== ''),
  );
  const byQuery = new Map<string, Graded[]>();
  for (const { query, sku, grade } of judgements) {
    const text = texts.get(sku);
    if (text === undefined || !taught.has(query)) continue;
    byQuery.set(query, [...(byQuery.get(query) ?? []), { text, grade }]);
  }
  const queries = [...byQuery]
    .filter(([text, graded]) => text.trim() !== '' && graded.some(({ grade }) => grade > 0))
    .map(([text, graded]) => ({ text, graded }));
  return queries.length < LEAST_QUERIES ? undefined : { queries, others: [...texts.values()] };
}

export function relevanceProgram(
  parameters: Program['parameters'],
  config: TextEncoderConfig,
  time: number,
  settings: TextTrainingOptions,
): Program {
  const { batch, sharpness } = settings.relevance;
  return {
    parameters,
    inputs: {
      tokens: { dtype: 'i32', shape: [3 * batch, time] },
      length: { dtype: 'i32', shape: [3 * batch] },
      first: { dtype: 'i32', shape: [batch] },
      weight: { dtype: 'f32', shape: [batch] },
    },
    loss(_, p, x) {
      const states = textStates(p, x.tokens!, x.length!, config, settings.dropout);
      const vectors = textVectors(p, states, x.tokens!, x.length!);
      const part = (at: number): Value => slice(vectors, 0, at * batch, (at + 1) * batch);
      return {
        loss: nestedLoss(settings, config, (prefix) => {
          const query = prefix(part(0));
          const cosine = (at: number): Value => sum(mul(query, prefix(part(at))), { axes: [-1], keep: true });
          return crossEntropy(mul(concat([cosine(1), cosine(2)], 1), sharpness), x.first!, x.weight!);
        }),
      };
    },
    optimiser: { weightDecay: settings.weightDecay },
    dropoutSeed: 'relevance',
  };
}

/** Batches of queries, then a better product of each, then a worse one. */
export function relevanceBatches(
  { queries, others }: RelevanceLabels,
  tokenizer: TextTokenizer,
  time: number,
  random: Random,
  { relevance: { batch } }: Pick<TextTrainingOptions, 'relevance'>,
): () => Feeds {
  const any = <T>(all: readonly T[]): T => all[random.int(all.length)]!;
  return () => {
    const drawn = Array.from({ length: batch }, () => {
      const { text, graded } = any(queries);
      const better = any(graded.filter(({ grade }) => grade > 0));
      const below = graded.filter(({ grade }) => grade < better.grade);
      const worse = below.length > 0 && random.next() < 0.5 ? any(below) : { text: any(others), grade: 0 };
      return { text, better, worse };
    });
    const texts = [
      ...drawn.map(({ text }) => text),
      ...drawn.map(({ better }) => better.text),
      ...drawn.map(({ worse }) => worse.text),
    ];
    return {
      ...padded(texts, tokenizer, time),
      first: new Int32Array(batch),
      weight: Float32Array.from(drawn, ({ better, worse }) => (better.grade - worse.grade) / BEST_GRADE),
    };
  };
}
