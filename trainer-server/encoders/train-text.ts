/**
 * Trains the text encoder: masked language modelling on a catalogue that is large enough for it, what a teacher says where
 * there is one, then contrastive training on pairs.
 */

import { productText } from '../../shared/features/profile-text.ts';
import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import { TEXT_ENCODER, type TextEncoderConfig, textEncoderShapes } from '../../shared/models/text-encoder.ts';
import type { Tensor } from '../../shared/tensors.ts';
import type { TextPair } from '../dataset/rows.ts';
import { type Program, startTraining, type Training } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { type CategoryLabels, categoryBatches, categoryHead, categoryProgram } from './category-objective.ts';
import { commonLength } from './draw.ts';
import { withoutHeads } from './heads.ts';
import { type RelevanceLabels, relevanceBatches, relevanceProgram } from './relevance-objective.ts';
import { runCourse } from './run-course.ts';
import { orderHead } from './sentence-order.ts';
import type { Lessons } from './teacher/lessons.ts';
import {
  type Beside,
  bothLabels,
  type Course,
  fromLabels,
  fromPairs,
  fromTeacher,
  maskedWords,
} from './text-courses.ts';
import { edgeNetwork } from './text-network.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from './text-options.ts';
import type { PairSource } from './text-pairs.ts';
import { contrastiveProgram, distilProgram, labelProgram, maskedProgram } from './text-programs.ts';
import { carriedText } from './text-width.ts';
import { initialParameters } from './transformer.ts';
import {
  type FineTuning,
  type TextWeights,
  trainedShare,
  tuned,
  type Parameters as Weights,
} from './tuning/fine-tuning.ts';

export interface TextModel {
  config: TextEncoderConfig;
  parameters: Record<string, Tensor<Float32Array>>;
  /** The whole projection, of which `parameters` hold the first `vectorWidth` columns. */
  projection: Tensor<Float32Array>;
  report: Record<string, number> & { parameters: number; tokens: number };
}

export interface TextData {
  /** The catalogue's texts, and what shoppers searched for. */
  texts: readonly string[];
  sources: readonly PairSource[];
  tokenizer: TextTokenizer;
  vocabulary: number;
  /** Products of the catalogue, which sets the size of the network. */
  products: number;
  /** What a teacher says of these and other texts. */
  lessons?: Lessons | undefined;
  /** Products whose category is told. */
  categories?: CategoryLabels | undefined;
  /** What people judged relevant to queries. */
  relevance?: RelevanceLabels | undefined;
  /** Pairs that are told to be one product or not. */
  labelled?: readonly TextPair[];
  /** Parameters of an earlier release with the same tokenizer, to go on from. */
  from?: TextWeights | undefined;
  /** Trains little beside the earlier release's values instead of all of them. `tokenizer` is the one it asks for. */
  tuning?: FineTuning | undefined;
}

/** Share of the encoder's time that learning from a teacher takes. */
const TAUGHT_SHARE = 0.4;

/** Share that learning from labelled pairs may take beside the rest. */
const LABEL_SHARE = 0.4;

/** @returns undefined where there is no text */
export async function trainText(
  data: TextData,
  options: TrainingOptions,
  settings: TextTrainingOptions = TEXT_TRAINING,
): Promise<TextModel | undefined> {
  if (data.texts.length === 0) return undefined;
  const { from, tuning } = data;
  const layers = data.products < settings.largeCatalogue ? settings.layers.small : settings.layers.large;
  const plain = {
    ...TEXT_ENCODER,
    layers,
    vocabulary: data.vocabulary,
    vectorWidth: settings.trainedWidth,
  };
  const start = from ?? {
    config: plain,
    parameters: initialParameters(textEncoderShapes(plain), layers, options.random.fork('text parameters')),
  };
  const weights = tuning?.extended(start, options.random.fork('adapters')) ?? start;
  const { config } = weights;
  const lengths = sampledLengths(data, config.length);
  if (lengths.length === 0) return undefined;
  const time = commonLength(lengths, Math.min(settings.pretraining.length, config.length));
  const mean = lengths.reduce((a, b) => a + b, 0) / lengths.length;
  const tokens = Math.round(mean * data.texts.length);
  const stages = stagesOf(data, tokens, time, config, options, settings);
  const { parameters, losses } = await runStages(stages, weights.parameters, data, options, settings);
  const merged = tuning?.merged({ config, parameters }) ?? { config, parameters };
  const trained = carriedText(merged, TEXT_ENCODER.vectorWidth);
  const count = Object.values(trained.parameters).reduce((n, { data: { length } }) => n + length, 0);
  return {
    ...trained,
    report: {
      parameters: count,
      tokens,
      contrastiveLoss: Number.NaN,
      ...losses,
      ...(tuning === undefined ? {} : { tunedShare: trainedShare(parameters, tuning) }),
    },
  };
}

/** Programs over the parameters they are given: that of a course, and those beside it. */
type Programs = Record<string, (parameters: Weights) => Program>;

interface Stage {
  programs: Programs;
  course: Course;
}

/** What the data allows, in the order of training. @param tokens of all texts @param time tokens of the longest */
function stagesOf(
  data: TextData,
  tokens: number,
  time: number,
  config: TextEncoderConfig,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Stage[] {
  const pairTime = Math.min(settings.contrastive.length, time);
  const seconds = options.deadline() * settings.share;
  const apart = data.lessons === undefined ? 1 : 1 - TAUGHT_SHARE;
  const stages: Stage[] = [];
  if (data.sources.length === 0 || tokens >= settings.pretraining.leastTokens) {
    const ordered = settings.pretraining.order > 0 && data.from === undefined;
    const head = ordered ? orderHead(config, options.random.fork('order head')) : undefined;
    stages.push({
      programs: { masked: (parameters) => maskedProgram(parameters, config, time, settings, head) },
      course: maskedWords(data, ordered, time, config, seconds * 0.4 * apart, options, settings),
    });
  }
  if (data.lessons !== undefined)
    stages.push({
      programs: { distil: (parameters) => distilProgram(parameters, config, pairTime, settings) },
      course: fromTeacher(data, pairTime, seconds * TAUGHT_SHARE, options, settings),
    });
  if (data.sources.length > 0) {
    const told = besidePairs(data, pairTime, config, options, settings);
    stages.push({
      programs: {
        contrastive: (parameters) => contrastiveProgram(parameters, edgeNetwork(config), pairTime, settings),
        ...told.programs,
      },
      course: {
        ...fromPairs(data, pairTime, seconds * 0.6 * apart, options, settings),
        beside: told.beside,
      },
    });
  }
  if (bothLabels(data.labelled))
    stages.push({
      programs: { labels: (parameters) => labelProgram(parameters, edgeNetwork(config), pairTime, settings) },
      course: fromLabels(data, pairTime, seconds * LABEL_SHARE, options, settings),
    });
  return stages;
}

/** What labels of other kinds than pairs teach, between the steps of pairs. */
function besidePairs(
  { categories, relevance, tokenizer }: TextData,
  time: number,
  config: TextEncoderConfig,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): { programs: Programs; beside: Beside[] } {
  const programs: Programs = {};
  const beside: Beside[] = [];
  if (categories !== undefined && settings.categories.every > 0) {
    const random = options.random.fork('categories');
    const head = categoryHead(categories, config, random.fork('head'));
    programs.categories = (parameters) =>
      categoryProgram(parameters, head, categories, config, time, settings);
    const batch = categoryBatches(categories, tokenizer, time, random, settings);
    beside.push({ program: 'categories', every: settings.categories.every, batch });
  }
  if (relevance !== undefined && settings.relevance.every > 0) {
    programs.relevance = (parameters) => relevanceProgram(parameters, config, time, settings);
    const batch = relevanceBatches(relevance, tokenizer, time, options.random.fork('relevance'), settings);
    beside.push({ program: 'relevance', every: settings.relevance.every, batch });
  }
  return { programs, beside };
}

/** @returns the parameters after the last stage, and each stage's loss as `NAMELoss` */
async function runStages(
  stages: readonly Stage[],
  initial: Weights,
  { tuning }: Pick<TextData, 'tuning'>,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Promise<{ parameters: Weights; losses: Record<string, number> }> {
  const start = (left: readonly Stage[], parameters: Weights): Promise<Training> => {
    const programs = left.flatMap((stage) =>
      Object.entries(stage.programs).map(([name, program]) => {
        const whole = program(parameters);
        return [name, tuning === undefined ? whole : tuned(whole, tuning)] as const;
      }),
    );
    return startTraining(Object.fromEntries(programs), { device: options.device, signal: options.signal });
  };
  let training = await start(stages, initial);
  const losses: Record<string, number> = {};
  try {
    for (const [i, { course }] of stages.entries()) {
      const rate = course.rate * (tuning?.rate ?? 1);
      Object.assign(
        losses,
        await runCourse(training, 'text encoder', { ...course, rate }, options, settings),
      );
      if (i > 0 || tuning?.narrowed === undefined) continue;
      const narrow = tuning.narrowed(await training.parameters());
      if (stages.length === 1) return { parameters: withoutHeads(narrow), losses };
      await training.close();
      training = await start(stages.slice(1), narrow);
    }
    return { parameters: withoutHeads(await training.parameters()), losses };
  } finally {
    await training.close();
  }
}

/** Texts whose tokens are counted: how long texts are is known to a few per cent from so many. */
const COUNTED_TEXTS = 2000;

/** Numbers of tokens of evenly spread texts; those without a word are left out. */
function sampledLengths({ texts, tokenizer }: TextData, longest: number): Int32Array {
  const step = Math.max(1, Math.floor(texts.length / COUNTED_TEXTS));
  const counted = texts.filter((_, i) => i % step === 0);
  return Int32Array.from(counted, (text) => textTokens(tokenizer, text, longest).length)
    .filter((length) => length > 1)
    .sort();
}

/** What of a catalogue is worth modelling: every product's text, without repeats. */
export function corpusOf(
  products: Parameters<typeof productText>[0][],
  searches: readonly string[],
): string[] {
  return [...new Set([...products.map(productText), ...searches])].filter((text) => text.trim() !== '');
}
