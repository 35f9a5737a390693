/** Trains every encoder and recommender that a data folder allows, in the order in which they build on each other. */

import { productText } from '../../shared/features/profile-text.ts';
import type { ProductLookup } from '../../shared/features/sequence.ts';
import { SESSION_ENCODER } from '../../shared/models/session-encoder.ts';
import { TEXT_ENCODER } from '../../shared/models/text-encoder.ts';
import type { Minor } from '../../shared/money.ts';
import type { Dataset } from '../dataset/load.ts';
import { openSession } from '../graph/index.ts';
import { fitMatcher } from '../matching/fit-matcher.ts';
import { countComplements } from '../recommend/count-complements.ts';
import { openEarlierRecommender } from '../recommend/earlier-recommender.ts';
import { fitRecommender } from '../recommend/fit-recommender.ts';
import { splitHeldOut } from '../recommend/held-out.ts';
import { logSketch } from '../recommend/log-sketch.ts';
import { trainClassifier } from '../recommend/train-classifier.ts';
import { type SearchMeaning, trainSearch } from '../search/train-search.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type Catalogue, catalogueOf } from './catalogue.ts';
import { earlierSession, earlierText, savedText, saveText } from './earlier.ts';
import { fuseCatalogue } from './fuse.ts';
import { ENCODER_PARTS, type EncoderModels, type EncoderPart } from './models.ts';
import type { PictureTrainingOptions } from './pictures/picture-options.ts';
import { picturePart } from './pictures/picture-part.ts';
import { SESSION_TRAINING, type SessionTrainingOptions } from './session-options.ts';
import { lessonsOf } from './teacher/lessons.ts';
import type { Teacher } from './teacher/teacher.ts';
import { encodeTexts, textOnnx } from './text-export.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from './text-options.ts';
import { pairSources } from './text-pairs.ts';
import { openTokenizer, TOKENIZER_OPTIONS, trainTokenizer, vocabularySize } from './tokenizer.ts';
import { trainSession } from './train-session.ts';
import { corpusOf, trainText } from './train-text.ts';
import type { FineTuning } from './tuning/fine-tuning.ts';

export interface EncoderOptions extends TrainingOptions {
  /** The release's price edges (FeatureSpec.priceEdges): the encoder reads prices in these buckets. */
  priceEdges: readonly Minor[];
  /** All where absent. */
  only?: readonly EncoderPart[];
  text?: TextTrainingOptions;
  session?: SessionTrainingOptions;
  pictures?: PictureTrainingOptions;
  /** A published model that the text encoder learns from. */
  teacher?: Teacher | undefined;
  /** Going on from an earlier release, little is trained beside its text encoder's values instead of all of them. */
  tuning?: FineTuning | undefined;
  /** Largest vocabulary. */
  vocabulary?: number;
}

/**
 * A part is left out where the data has nothing to train it on: no text, no sequences, no categories. An empty
 * catalogue without events gives models without rows.
 */
export async function trainEncoders(
  dataset: Pick<Dataset, 'products' | 'events' | 'pairs'> &
    Partial<Pick<Dataset, 'judgements' | 'relations' | 'dir'>>,
  options: EncoderOptions,
): Promise<EncoderModels> {
  const wanted = (part: EncoderPart): boolean => (options.only ?? ENCODER_PARTS).includes(part);
  const { priceEdges } = options;
  const earlier = wanted('recommend')
    ? await openEarlierRecommender(options.from, dataset.events)
    : undefined;
  const catalogue = catalogueOf(dataset, earlier);
  const lookup = lookupOf(catalogue);
  const report: Record<string, number> = {
    products: catalogue.products.length,
    visitors: catalogue.trails.length,
  };

  const text = wanted('text') ? await textPart(dataset, catalogue, options) : undefined;
  const fused = (pictures?: ReadonlyMap<number, Float32Array>) =>
    fuseCatalogue(catalogue, SESSION_ENCODER.productWidth, priceEdges, text?.textVectors, pictures);
  const plain = fused();
  const seen = wanted('items')
    ? await picturePart(dataset.dir, catalogue, plain.vectors, options, options.pictures)
    : {};
  const { spec: fusion, vectors: content } =
    seen.pictures === undefined ? plain : fused(seen.pictures.vectors);
  const relations = dataset.relations ?? [];
  const models: EncoderModels = {
    catalogue,
    lookup,
    priceEdges,
    fusion,
    vectors: content,
    relations,
    report,
  };
  Object.assign(models, seen);
  if (seen.pictures !== undefined) Object.assign(report, prefixed('pictures', seen.pictures.report));
  if (text !== undefined) {
    Object.assign(models, text);
    Object.assign(report, prefixed('text', text.text.report));
  }

  if (wanted('search') && catalogue.products.length > 0) {
    const stage = options.progress.stage('search');
    const trained = await trainSearch(catalogue, dataset, text && meaningOf(text));
    models.search = trained.index;
    Object.assign(report, prefixed('search', trained.report));
    stage.end(toldSearch(trained.report));
  }
  if (wanted('classify')) {
    const trained = trainClassifier(dataset.products, options);
    if (trained !== undefined) {
      models.classifier = trained.classifier;
      Object.assign(report, prefixed('classify', { ...trained.report }));
    }
    const matched = fitMatcher(dataset.pairs, dataset.products, options);
    if (matched !== undefined) {
      models.matcher = matched.model;
      Object.assign(report, prefixed('match', { ...matched.report }));
    }
  }

  const split = splitHeldOut(dataset.events, catalogue.rowOf, options.random.fork('held-out'));
  if (wanted('session')) {
    const data = {
      events: split.train,
      cases: split.cases,
      past: earlier?.past,
      products: lookup,
      priceEdges,
      content,
      skus: catalogue.products.map(({ sku }) => sku),
      start: await earlierSession(options.from, SESSION_ENCODER),
    };
    const session = await trainSession(data, options, options.session ?? SESSION_TRAINING);
    if (session !== undefined) {
      models.session = session;
      models.vectors = session.table;
      Object.assign(report, prefixed('session', session.report));
    }
  }
  if (wanted('recommend') && catalogue.products.length > 0) {
    const { recommend, memory, past, ...fitted } = await fitRecommender(models, split, options, earlier);
    const complements = countComplements(dataset.events, catalogue);
    models.recommend = { ...recommend, ...(complements === undefined ? {} : { complements }) };
    models.remembered = { memory, past, sketch: logSketch(dataset.events) };
    Object.assign(report, prefixed('recommend', fitted.report));
  }
  return models;
}

type TextPart = Required<Pick<EncoderModels, 'tokenizer' | 'text' | 'textVectors'>>;

async function textPart(
  dataset: Pick<Dataset, 'products' | 'events' | 'pairs'>,
  catalogue: Catalogue,
  options: EncoderOptions,
): Promise<TextPart | undefined> {
  const searches = commonest(
    dataset.events.flatMap(({ query }) => query ?? []),
    catalogue.products.length,
  );
  const labelled = dataset.pairs.flatMap(({ a, b }) => [a, b]);
  const texts = corpusOf([...catalogue.products, ...labelled], searches);
  if (texts.length === 0) return undefined;
  const { tokenizer, text } =
    (await savedText(options)) ?? (await learnText(texts, dataset, catalogue, options)) ?? {};
  if (tokenizer === undefined || text === undefined) return undefined;
  return {
    tokenizer,
    text,
    textVectors: await vectorsOf({ tokenizer, text }, catalogue.products.map(productText)),
  };
}

async function vectorsOf(
  { tokenizer, text }: Pick<TextPart, 'tokenizer' | 'text'>,
  texts: readonly string[],
): Promise<Float32Array> {
  const session = await openSession(textOnnx(text.parameters, text.config));
  try {
    return await encodeTexts(session, text.config, openTokenizer(tokenizer), texts);
  } finally {
    await session.close();
  }
}

const meaningOf = (part: TextPart): SearchMeaning => ({
  table: { width: part.text.config.vectorWidth, data: part.textVectors },
  encode: (queries) => vectorsOf(part, queries),
});

function toldSearch({ queries, wordsNdcg, meaningNdcg, meaningWeight }: Record<string, number>): string {
  if (queries === 0) return 'no judged queries: words first';
  const [words, meaning] = [wordsNdcg!, meaningNdcg!].map((quality) => quality.toFixed(3));
  return `${queries} judged queries: words ${words}, meaning ${meaning}, its weight ${meaningWeight}`;
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
  dataset: Pick<Dataset, 'events' | 'pairs'>,
  catalogue: Catalogue,
  options: EncoderOptions,
): Promise<Required<Pick<EncoderModels, 'tokenizer' | 'text'>> | undefined> {
  const earlier = await earlierText(options.from);
  const tuning = earlier && options.tuning;
  const stage = options.progress.stage('tokenizer');
  const own =
    earlier?.tokenizer ??
    trainTokenizer(texts, { vocabulary: options.vocabulary ?? TOKENIZER_OPTIONS.vocabulary });
  const tokenizer = tuning?.tokenizer?.(own) ?? own;
  stage.end(
    earlier === undefined
      ? `${vocabularySize(tokenizer)} tokens from ${texts.length} texts`
      : 'of the earlier release',
  );
  const data = {
    texts,
    lessons: options.teacher && (await lessonsOf(options.teacher, texts, TEXT_ENCODER.vectorWidth, options)),
    sources: pairSources(catalogue, dataset.events, dataset.pairs),
    tokenizer: openTokenizer(tokenizer),
    vocabulary: vocabularySize(tokenizer),
    labelled: dataset.pairs,
    products: Math.max(catalogue.products.length, dataset.pairs.length),
    from: earlier?.text,
    tuning,
  };
  const text = await trainText(data, options, options.text ?? TEXT_TRAINING);
  if (text === undefined) return undefined;
  await saveText(tokenizer, text, options);
  return { tokenizer, text };
}

function lookupOf({ products, rowOf }: Catalogue): ProductLookup {
  return {
    find(sku) {
      const row = rowOf(sku);
      if (row === undefined) return undefined;
      const { price, category, brand } = products[row]!;
      return {
        row,
        category,
        ...(price === undefined ? {} : { price }),
        ...(brand === undefined ? {} : { brand }),
      };
    },
  };
}

const prefixed = (name: string, figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name}_${key}`, value]));
