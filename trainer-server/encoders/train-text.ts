/** Trains the text encoder: masked language modelling on the catalogue, then contrastive fine-tuning. */

import { productText } from '../../shared/features/profile-text.ts';
import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import { TEXT_ENCODER, type TextEncoderConfig, textEncoderShapes } from '../../shared/models/text-encoder.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import type { Tensor } from '../../shared/tensors.ts';
import { learningRate, startTraining, type Training } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from './text-options.ts';
import type { PairSource, Positive } from './text-pairs.ts';
import { contrastiveProgram, maskedBatch, maskedProgram } from './text-programs.ts';
import { timeShare } from './time-share.ts';
import { initialParameters } from './transformer.ts';

export interface TextModel {
  config: TextEncoderConfig;
  parameters: Record<string, Tensor<Float32Array>>;
  report: { parameters: number; tokens: number; maskedLoss: number; contrastiveLoss: number };
}

export interface TextData {
  /** The catalogue's texts, and what shoppers searched for. */
  texts: readonly string[];
  sources: readonly PairSource[];
  tokenizer: TextTokenizer;
  vocabulary: number;
  /** Products of the catalogue, which sets the size of the network. */
  products: number;
  /** Parameters of an earlier release with the same tokenizer, to go on from. */
  from?: Pick<TextModel, 'config' | 'parameters'> | undefined;
}

/** @returns undefined where there is no text */
export async function trainText(
  data: TextData,
  options: TrainingOptions,
  settings: TextTrainingOptions = TEXT_TRAINING,
): Promise<TextModel | undefined> {
  if (data.texts.length === 0) return undefined;
  const layers = data.products < settings.largeCatalogue ? settings.layers.small : settings.layers.large;
  const config = data.from?.config ?? { ...TEXT_ENCODER, layers, vocabulary: data.vocabulary };
  const encoded = data.texts
    .map((text) => textTokens(data.tokenizer, text, config.length))
    .filter((tokens) => tokens.length > 1);
  if (encoded.length === 0) return undefined;
  const time = commonLength(encoded, Math.min(settings.pretraining.length, config.length));
  const pairTime = Math.min(settings.contrastive.length, time);
  const parameters =
    data.from?.parameters ??
    initialParameters(textEncoderShapes(config), config.layers, options.random.fork('text parameters'));
  const training = await startTraining(
    {
      masked: maskedProgram(parameters, config, time, settings),
      ...(data.sources.length === 0
        ? {}
        : { contrastive: contrastiveProgram(parameters, config, pairTime, settings) }),
    },
    { device: options.device, signal: options.signal },
  );
  try {
    const seconds = options.deadline() * settings.share;
    const maskedLoss = await pretrain(training, encoded, time, config, seconds * 0.4, options, settings);
    const contrastiveLoss = await finetune(training, data, pairTime, seconds * 0.6, options, settings);
    const trained = await training.parameters();
    const count = Object.values(trained).reduce((n, { data: { length } }) => n + length, 0);
    const tokens = encoded.reduce((n, { length }) => n + length, 0);
    return {
      config,
      parameters: trained,
      report: { parameters: count, tokens, maskedLoss, contrastiveLoss },
    };
  } finally {
    await training.close();
  }
}

/** Most texts fit this many tokens; the few longer ones lose their end while training. */
function commonLength(encoded: readonly Int32Array[], longest: number): number {
  const lengths = Int32Array.from(encoded, ({ length }) => length).sort();
  const common = lengths[Math.floor(lengths.length * 0.9)]!;
  return [8, 12, 16, 24, 32, 48].find((length) => common <= length && length < longest) ?? longest;
}

async function pretrain(
  training: Training,
  encoded: readonly Int32Array[],
  time: number,
  config: TextEncoderConfig,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Promise<number> {
  const { batch, passes, steps: range, rate } = settings.pretraining;
  const steps = within(Math.ceil((passes * encoded.length) / batch), range);
  const share = timeShare(steps, seconds, options.deadline);
  const stage = options.progress.stage('text encoder, masked words', steps);
  const random = options.random.fork('masked');
  let order: number[] = [];
  let loss = Number.NaN;
  let step = 0;
  for (let progress = 0; progress < 1; progress = share.progress(++step)) {
    if (order.length < batch) order = order.concat(shuffle([...encoded.keys()], random));
    while (order.length < batch) order = order.concat(order);
    const texts = order.splice(0, batch).map((i) => encoded[i]!.subarray(0, time));
    const schedule = { peak: rate, steps: 1000, warmup: 1000 * settings.warmup, final: 0.1 };
    const result = await training.step(
      maskedBatch(texts, time, settings.pretraining.masked, config.vocabulary, random),
      learningRate(schedule, progress * 1000),
      'masked',
    );
    loss = smooth(loss, result.loss);
    stage.update(Math.round(progress * steps), `loss ${loss.toFixed(3)}`);
  }
  stage.end(`${step} steps, loss ${loss.toFixed(3)}`);
  return loss;
}

async function finetune(
  training: Training,
  data: TextData,
  time: number,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Promise<number> {
  if (data.sources.length === 0) return Number.NaN;
  const { batch, pairsPerProduct, steps: range, rate } = settings.contrastive;
  const steps = within(Math.ceil((pairsPerProduct * data.products) / batch), range);
  const share = timeShare(steps, seconds, options.deadline);
  const names = data.sources.map(({ name }) => name).join(', ');
  const stage = options.progress.stage(`text encoder, pairs (${names})`, steps);
  const random = options.random.fork('contrastive');
  let loss = Number.NaN;
  let step = 0;
  for (let progress = 0; progress < 1; progress = share.progress(++step)) {
    const pairs = drawPairs(data.sources, batch, random);
    const schedule = { peak: rate, steps: 1000, warmup: 1000 * settings.warmup, final: 0.02 };
    const result = await training.step(
      padded([...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)], data.tokenizer, time),
      learningRate(schedule, progress * 1000),
      'contrastive',
    );
    loss = smooth(loss, result.loss);
    stage.update(Math.round(progress * steps), `loss ${loss.toFixed(3)}`);
  }
  stage.end(`${step} steps, loss ${loss.toFixed(3)}`);
  return loss;
}

/** Pairs of distinct keys as far as there are enough: a repeated product would be its own negative. */
function drawPairs(sources: readonly PairSource[], batch: number, random: Random): Positive[] {
  const bag = sources.flatMap((source) => Array.from({ length: source.weight }, () => source));
  const pairs = new Map<string, Positive>();
  const spare: Positive[] = [];
  for (let attempt = 0; pairs.size < batch && attempt < 4 * batch; attempt++) {
    const pair = bag[random.int(bag.length)]!.draw(random);
    if (pairs.has(pair.key)) spare.push(pair);
    else pairs.set(pair.key, pair);
  }
  return [...pairs.values(), ...spare].slice(0, batch);
}

/** Texts as [texts, time] tokens, cut or padded. */
export function padded(
  texts: readonly string[],
  tokenizer: TextTokenizer,
  time: number,
): { tokens: Int32Array; length: Int32Array } {
  const tokens = new Int32Array(texts.length * time);
  const length = new Int32Array(texts.length);
  texts.forEach((text, b) => {
    const own = textTokens(tokenizer, text, time);
    tokens.set(own, b * time);
    length[b] = own.length;
  });
  return { tokens, length };
}

/** What of a catalogue is worth modelling: every product's text, without repeats. */
export function corpusOf(
  products: Parameters<typeof productText>[0][],
  searches: readonly string[],
): string[] {
  return [...new Set([...products.map(productText), ...searches])].filter((text) => text.trim() !== '');
}

const within = (x: number, { least, most }: { least: number; most: number }): number =>
  Math.min(most, Math.max(least, x));

const smooth = (mean: number, x: number): number => (Number.isNaN(mean) ? x : 0.95 * mean + 0.05 * x);
