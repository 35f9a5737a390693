/** The text branch of a training: tokenizer, encoder, and the vectors of the catalogue and of searches. */

import { productText } from '../../shared/features/profile-text.ts';
import type { TextTokenizer } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Dataset } from '../dataset/load.ts';
import { openSession, type Session } from '../graph/index.ts';
import { shareOf } from '../share-of.ts';
import type { Catalogue } from './catalogue.ts';
import { categoryLabels } from './category-objective.ts';
import { earlierText, savedText, saveText } from './earlier.ts';
import type { EncoderModels } from './models.ts';
import { relevanceLabels, taughtQueries } from './relevance-objective.ts';
import { takeLessons, tunedBefore } from './teacher/take-lessons.ts';
import type { BertCheckpoint } from './teacher/teacher.ts';
import { encodeTexts, encodeTextsInTime, textOnnx } from './text-export.ts';
import { TEXT_TRAINING } from './text-options.ts';
import { pairSources } from './text-pairs.ts';
import { openTokenizer, TOKENIZER_OPTIONS, trainTokenizer, vocabularySize } from './tokenizer.ts';
import type { EncoderOptions } from './train-encoders.ts';
import { corpusOf, trainText } from './train-text.ts';

type TextPartOptions = Omit<EncoderOptions, 'priceEdges'>;

/** Shares of the time left: counting the tokenizer's words, and encoding the catalogue after training the encoder. */
const TIME = { tokenizer: 0.1, textVectors: 0.4 } as const;

/** Texts that a tokenizer is learned from even where there is no time. */
const LEAST_TEXTS = 1000;

export interface TextPart extends Required<Pick<EncoderModels, 'tokenizer' | 'text' | 'textVectors'>> {
  /** Queries whose judgements the encoder has learned from. */
  taught: ReadonlySet<string>;
  /** What taught it, where that was made better first. */
  tunedTeacher?: BertCheckpoint | undefined;
}

type TextDataset = Pick<Dataset, 'products' | 'events' | 'pairs'> & Partial<Pick<Dataset, 'judgements'>>;

/** @returns undefined where there is no text */
export async function textPart(
  dataset: TextDataset,
  catalogue: Catalogue,
  options: TextPartOptions,
): Promise<TextPart | undefined> {
  const searches = commonest(
    dataset.events.flatMap(({ query }) => query ?? []),
    catalogue.products.length,
  );
  const labelled = dataset.pairs.flatMap(({ a, b }) => [a, b]);
  const texts = corpusOf([...catalogue.products, ...labelled], searches);
  if (texts.length === 0) return undefined;
  const saved = await savedText(options);
  const learned =
    saved === undefined
      ? await learnText(texts, dataset, catalogue, options)
      : { ...saved, tunedTeacher: await tunedBefore(options) };
  if (learned === undefined) return undefined;
  const { tokenizer, text, tunedTeacher } = learned;
  const stage = options.progress.stage('text vectors', catalogue.products.length);
  const deadline = shareOf(options.deadline, TIME.textVectors);
  let encoded = 0;
  const textVectors = await withEncoder({ tokenizer, text }, (session, config, opened) =>
    encodeTextsInTime(session, config, opened, catalogue.products.map(productText), deadline, (count) => {
      encoded = count;
      stage.update(count);
    }),
  );
  const late = catalogue.products.length - encoded;
  stage.end(late > 0 ? `${encoded}; no time for the ${late} least visited products` : `${encoded}`);
  return { tokenizer, text, textVectors, taught: taughtOf(dataset, options), tunedTeacher };
}

const taughtOf = (
  { judgements = [] }: TextDataset,
  { text = TEXT_TRAINING }: TextPartOptions,
): ReadonlySet<string> => (text.relevance.every > 0 ? taughtQueries(judgements) : new Set());

/** Unit vectors of searches, [queries * width]. */
export const queryVectors = (
  part: Pick<TextPart, 'tokenizer' | 'text'>,
  queries: readonly string[],
): Promise<Float32Array> =>
  withEncoder(part, (session, config, tokenizer) => encodeTexts(session, config, tokenizer, queries));

async function withEncoder<T>(
  { tokenizer, text }: Pick<TextPart, 'tokenizer' | 'text'>,
  use: (session: Session, config: TextEncoderConfig, tokenizer: TextTokenizer) => Promise<T>,
): Promise<T> {
  const session = await openSession(textOnnx(text.parameters, text.config));
  try {
    return await use(session, text.config, openTokenizer(tokenizer));
  } finally {
    await session.close();
  }
}

/** The texts that occur most: searches must not outweigh the catalogue. */
function commonest(texts: readonly string[], most: number): string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const ordered = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return ordered.slice(0, most).map(([text]) => text);
}

/** Tokenizer and encoder, new or going on from those of an earlier release. */
async function learnText(
  texts: readonly string[],
  dataset: TextDataset,
  catalogue: Catalogue,
  options: TextPartOptions,
): Promise<Pick<TextPart, 'tokenizer' | 'text' | 'tunedTeacher'> | undefined> {
  const earlier = await earlierText(options.from);
  const tuning = earlier && options.tuning;
  const stage = options.progress.stage('tokenizer');
  const own =
    earlier?.tokenizer ??
    trainTokenizer(inTime(texts, shareOf(options.deadline, TIME.tokenizer)), {
      vocabulary: options.vocabulary ?? TOKENIZER_OPTIONS.vocabulary,
    });
  const tokenizer = tuning?.tokenizer?.(own) ?? own;
  stage.end(
    earlier === undefined
      ? `${vocabularySize(tokenizer)} tokens from ${texts.length} texts`
      : 'of the earlier release',
  );
  const settings = options.text ?? TEXT_TRAINING;
  const width = earlier?.text.config.vectorWidth ?? settings.trainedWidth;
  const pairs = {
    sources: pairSources(catalogue, dataset.events, dataset.pairs, settings.contrastive),
    labelled: dataset.pairs,
    products: Math.max(catalogue.products.length, dataset.pairs.length),
  };
  const taken = await takeLessons(texts, width, pairs, options);
  const data = {
    ...pairs,
    texts,
    lessons: taken?.lessons,
    tokenizer: openTokenizer(tokenizer),
    vocabulary: vocabularySize(tokenizer),
    categories: categoryLabels(catalogue.products),
    relevance: relevanceLabels(catalogue.products, dataset.judgements ?? [], taughtOf(dataset, options)),
    from: earlier?.text,
    tuning,
  };
  const trained = await trainText(data, options, settings);
  if (trained === undefined) return undefined;
  const text = { ...trained, report: { ...trained.report, ...taken?.report } };
  await saveText(tokenizer, text, options);
  return { tokenizer, text, tunedTeacher: taken?.tunedTeacher };
}

/** The first texts, as long as there is time. */
function* inTime(texts: readonly string[], deadline: () => number): Generator<string> {
  for (const [i, text] of texts.entries()) {
    if (i >= LEAST_TEXTS && deadline() <= 0) return;
    yield text;
  }
}
