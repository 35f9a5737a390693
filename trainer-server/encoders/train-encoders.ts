/** Trains every encoder and recommender that a data folder allows, in the order in which they build on each other. */

import type { ProductLookup } from '../../shared/features/sequence.ts';
import { SESSION_ENCODER } from '../../shared/models/session-encoder.ts';
import type { Minor } from '../../shared/money.ts';
import type { Dataset } from '../dataset/load.ts';
import { fitMatcher } from '../matching/fit-matcher.ts';
import { countComplements } from '../recommend/count-complements.ts';
import { openEarlierRecommender, rememberedIn } from '../recommend/earlier-recommender.ts';
import { fitRecommender } from '../recommend/fit-recommender.ts';
import { splitHeldOut } from '../recommend/held-out.ts';
import { logSketch } from '../recommend/log-sketch.ts';
import { trainClassifier } from '../recommend/train-classifier.ts';
import { type SearchMeaning, trainSearch } from '../search/train-search.ts';
import type { TrainingOptions } from '../training-options.ts';
import { catalogueOf } from './catalogue.ts';
import { earlierSession } from './earlier.ts';
import { fuseCatalogue } from './fuse.ts';
import { ENCODER_PARTS, type EncoderModels, type EncoderPart } from './models.ts';
import type { PictureTrainingOptions } from './pictures/picture-options.ts';
import { picturePart } from './pictures/picture-part.ts';
import { SESSION_TRAINING, type SessionTrainingOptions } from './session-options.ts';
import type { Teaching } from './teacher/take-lessons.ts';
import type { TextTrainingOptions } from './text-options.ts';
import { queryVectors, type TextPart, textPart } from './text-part.ts';
import { trainSession } from './train-session.ts';
import type { FineTuning } from './tuning/fine-tuning.ts';

export interface EncoderOptions extends TrainingOptions, Teaching {
  /** The release's price edges (FeatureSpec.priceEdges): the encoder reads prices in these buckets. */
  priceEdges: readonly Minor[];
  /** All where absent. */
  only?: readonly EncoderPart[];
  text?: TextTrainingOptions;
  session?: SessionTrainingOptions;
  pictures?: PictureTrainingOptions;
  /** Going on from an earlier release, little is trained beside its text encoder's values instead of all of them. */
  tuning?: FineTuning | undefined;
  /** Largest vocabulary. */
  vocabulary?: number;
}

/**
 * What no clock can shorten, in passes over the log such as the one that makes the catalogue, which tells how fast this
 * machine is. Measured at 43,097 products and 1.2 M events.
 */
const PASSES = { search: 1, session: 5, recommend: 4, writing: 3 } as const;

/** A part that costs less is trained even where no time is left. */
const NEGLIGIBLE_SECONDS = 1;

/**
 * A part is left out where the data has nothing to train it on: no text, no sequences, no categories; the session encoder
 * also where the time would not suffice to set it up. An empty
 * catalogue without events gives models without rows.
 */
export async function trainEncoders(
  dataset: Pick<Dataset, 'products' | 'events' | 'pairs'> &
    Partial<Pick<Dataset, 'judgements' | 'relations' | 'dir'>>,
  given: EncoderOptions,
): Promise<EncoderModels> {
  const wanted = (part: EncoderPart): boolean => (given.only ?? ENCODER_PARTS).includes(part);
  const { priceEdges } = given;
  const earlier = wanted('recommend') ? await openEarlierRecommender(given.from, dataset.events) : undefined;
  const before = given.deadline();
  const cataloguing = given.progress.stage('catalogue');
  const catalogue = catalogueOf(dataset, earlier);
  cataloguing.end(`${catalogue.products.length} products, ${catalogue.trails.length} visitors`);
  const pass = Number.isFinite(before) ? before - given.deadline() : 0;
  const passesFor = (...parts: (keyof typeof PASSES)[]): number =>
    pass * parts.reduce((sum, part) => sum + (part === 'writing' || wanted(part) ? PASSES[part] : 0), 0);
  const finishing = passesFor('recommend', 'writing');
  const options = { ...given, deadline: () => given.deadline() - finishing };
  const lookup = lookupOf(catalogue);
  const report: Record<string, number> = {
    products: catalogue.products.length,
    visitors: catalogue.trails.length,
  };

  const searching = passesFor('search');
  const reading = { ...options, deadline: () => options.deadline() - searching };
  const text = wanted('text') ? await textPart(dataset, catalogue, reading) : undefined;
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
    const { taught: _, ...trained } = text;
    Object.assign(models, trained);
    Object.assign(report, prefixed('text', trained.text.report));
  }

  if (wanted('search') && catalogue.products.length > 0) {
    const stage = options.progress.stage('search');
    const meant = catalogue.products.length <= MEANT_PRODUCTS;
    const meaning = text && meant ? meaningOf(text) : undefined;
    const trained = await trainSearch(catalogue, dataset, meaning, options);
    models.search = trained.index;
    Object.assign(report, prefixed('search', trained.report));
    stage.end(`${toldSearch(trained.report)}${meant ? '' : '; devices have no room for texts'}`);
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

  const sessionTime = passesFor('session');
  const timely = sessionTime < Math.max(NEGLIGIBLE_SECONDS, options.deadline());
  if (wanted('session') && !timely)
    options.progress.say(`no session encoder: ${told(options.deadline())} left, ${told(sessionTime)} needed`);
  const splitting = options.progress.stage('held-out cases');
  const split = splitHeldOut(dataset.events, catalogue.rowOf, options.random.fork('held-out'));
  splitting.end(`${split.cases.length}`);
  if (wanted('session') && timely) {
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
    const writing = passesFor('writing');
    const counting = { ...given, deadline: () => given.deadline() - writing };
    const { recommend, memory, past, ...fitted } = await fitRecommender(models, split, counting, earlier);
    const earlierCounts = earlier && rememberedIn(earlier, catalogue);
    const completing = options.progress.stage('complements');
    const { relation: complements, counts } =
      countComplements(dataset.events, catalogue, earlierCounts) ?? {};
    models.recommend = { ...recommend, ...(complements === undefined ? {} : { complements }) };
    models.remembered = {
      memory: { ...memory, complements: counts },
      past,
      sketch: logSketch(dataset.events),
    };
    completing.end(complements === undefined ? 'nothing was bought together' : '');
    Object.assign(report, prefixed('recommend', fitted.report));
  }
  return models;
}

/**
 * Beyond so many products devices get no table of texts to search by meaning: it takes 60 bytes a product after Brotli, of the
 * 150 that 20,000 may take in all.
 */
const MEANT_PRODUCTS = 8000;

const meaningOf = (part: TextPart): SearchMeaning => ({
  table: { width: part.text.config.vectorWidth, data: part.textVectors },
  encode: (queries) => queryVectors(part, queries),
  taught: part.taught,
});

function toldSearch({ queries, wordsNdcg, meaningNdcg, meaningWeight }: Record<string, number>): string {
  if (queries === 0) return 'no judged queries: words first';
  const [words, meaning] = [wordsNdcg!, meaningNdcg!].map((quality) => quality.toFixed(3));
  return `${queries} judged queries: words ${words}, meaning ${meaning}, its weight ${meaningWeight}`;
}

function lookupOf({ products, rowOf }: EncoderModels['catalogue']): ProductLookup {
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

const told = (seconds: number): string => `${Math.max(0, seconds).toFixed(0)} s`;

const prefixed = (name: string, figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${name}_${key}`, value]));
