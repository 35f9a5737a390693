/** The stages that train the text encoder: each a program, how long it goes, and where its batches come from. */

import { productText } from '../../shared/features/profile-text.ts';
import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Random } from '../../shared/random.ts';
import type { TextPair } from '../dataset/rows.ts';
import type { Feeds, Training } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import { inTurn, padded } from './draw.ts';
import { besideNeighbours, type HardNegatives } from './hard-negatives.ts';
import { orderedTexts } from './sentence-order.ts';
import type { TextTrainingOptions } from './text-options.ts';
import type { PairSource, Positive } from './text-pairs.ts';
import { maskedBatch } from './text-programs.ts';
import type { TextData } from './train-text.ts';

/** One stage of training: a program, how long, and where its batches come from. */
export interface Course {
  program: string;
  title: string;
  /** Outputs of the program that are figures worth telling. */
  told?: readonly string[];
  steps: number;
  seconds: number;
  /** Peak of the learning rate, and its end as a share of it. */
  rate: number;
  final: number;
  /** @param asked the training, whose encoder may be asked what it makes of texts so far */
  batch(asked: Pick<Training, 'evaluate'>): Feeds | Promise<Feeds>;
  /** What is learned in between, so that neither is forgotten for the other. */
  beside?: readonly Beside[];
  /** Asked after every so many steps whether to go on. */
  check?: { every: number; goesOn(): Promise<boolean> };
}

/** A program that has a step after every so many of a course. */
export interface Beside {
  program: string;
  every: number;
  batch(): Feeds;
}

/** Words left out of the texts and to be guessed. @param time tokens of the longest @param ordered tells their order too */
export function maskedWords(
  { texts, tokenizer }: Pick<TextData, 'texts' | 'tokenizer'>,
  ordered: boolean,
  time: number,
  config: TextEncoderConfig,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Course {
  const { batch, passes, steps, rate, masked } = settings.pretraining;
  const random = options.random.fork('masked');
  const draw = inTurn(texts.length, batch, random);
  return {
    program: 'masked',
    title: ordered ? 'masked words and order' : 'masked words',
    told: ordered ? ['order'] : [],
    steps: within(Math.ceil((passes * texts.length) / batch), steps),
    seconds,
    rate,
    final: 0.1,
    batch: () => {
      const chosen = draw().map((i) => texts[i]!);
      const masks = (tokens: readonly Int32Array[]): Feeds =>
        maskedBatch(tokens, time, masked, config.vocabulary, random);
      if (!ordered) return masks(chosen.map((text) => textTokens(tokenizer, text, time)));
      const { tokens, ...order } = orderedTexts(chosen, time, tokenizer, random);
      return { ...masks(tokens), ...order };
    },
  };
}

/** Each text towards the teacher's vector of it. @param data with lessons */
export function fromTeacher(
  { lessons, tokenizer }: TextData,
  time: number,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Course {
  const { texts, targets } = lessons!;
  const { batch, passes, steps, rate } = settings.distillation;
  const width = targets.length / texts.length;
  const draw = inTurn(texts.length, batch, options.random.fork('distillation'));
  return {
    program: 'distil',
    title: 'teacher',
    steps: within(Math.ceil((passes * texts.length) / batch), steps),
    seconds,
    rate,
    final: 0.05,
    batch: () => {
      const chosen = draw();
      const target = new Float32Array(batch * width);
      chosen.forEach((i, b) => {
        target.set(targets.subarray(i * width, (i + 1) * width), b * width);
      });
      return {
        ...padded(
          chosen.map((i) => texts[i]!),
          tokenizer,
          time,
        ),
        target,
      };
    },
  };
}

/** Texts that belong together nearer than the others of the batch. */
export function fromPairs(
  { sources, tokenizer, products }: Pick<TextData, 'sources' | 'tokenizer' | 'products'>,
  time: number,
  seconds: number,
  options: Pick<TrainingOptions, 'random'>,
  settings: Pick<TextTrainingOptions, 'contrastive'>,
): Course {
  const { batch, pairsPerProduct, steps, rate, negatives } = settings.contrastive;
  const random = options.random.fork('contrastive');
  const feeds = (pairs: readonly Positive[]): Feeds =>
    padded([...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)], tokenizer, time);
  const draw = (count: number): Positive[] => drawPairs(sources, count, random);
  const beside = neighbourBatches(draw, feeds, batch, negatives);
  return {
    program: 'contrastive',
    title: `pairs (${sources.map(({ name }) => name).join(', ')})`,
    steps: within(Math.ceil((pairsPerProduct * products) / batch), steps),
    seconds,
    rate,
    final: 0.02,
    batch: (asked) => (negatives.neighbours === 0 ? feeds(draw(batch)) : beside(asked)),
  };
}

/** Pairs drawn for several batches at once, and dealt out so that neighbours share one. */
function neighbourBatches(
  draw: (count: number) => Positive[],
  feeds: (pairs: readonly Positive[]) => Feeds,
  batch: number,
  negatives: HardNegatives,
): (asked: Pick<Training, 'evaluate'>) => Promise<Feeds> {
  const inBatches = <T>(all: readonly T[]): T[][] =>
    Array.from({ length: negatives.pool }, (_, i) => all.slice(i * batch, (i + 1) * batch));
  let waiting: Positive[][] = [];
  return async (asked) => {
    if (waiting.length === 0) {
      const pairs = draw(negatives.pool * batch);
      const [a, b]: [number[], number[]] = [[], []];
      for (const block of inBatches(pairs)) {
        const { vectors } = (await asked.evaluate(feeds(block), 'contrastive')).outputs;
        const half = vectors!.length / 2;
        a.push(...vectors!.subarray(0, half));
        b.push(...vectors!.subarray(half));
      }
      const order = besideNeighbours(
        Float32Array.from(a),
        Float32Array.from(b),
        a.length / pairs.length,
        negatives,
      );
      waiting = inBatches(order.map((at) => pairs[at]!));
    }
    return feeds(waiting.pop()!);
  };
}

/** What is one product and what is not. */
export function fromLabels(
  { labelled = [], tokenizer }: TextData,
  time: number,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Course {
  const { batch, passes, steps, rate } = settings.labels;
  return {
    program: 'labels',
    title: 'labelled pairs',
    steps: within(Math.ceil((passes * labelled.length) / batch), steps),
    seconds,
    rate,
    final: 0.02,
    batch: labelBatches(labelled, tokenizer, time, options.random.fork('labels'), settings),
  };
}

/** As many pairs that are one product as others in a batch: most pairs that people label are none. */
export function labelBatches(
  labelled: readonly TextPair[],
  tokenizer: TextTokenizer,
  time: number,
  random: Random,
  { labels: { batch } }: Pick<TextTrainingOptions, 'labels'>,
): () => Feeds {
  const draws = [1, 0].map((wanted) => {
    const own = labelled.filter(({ label }) => label === wanted);
    const draw = inTurn(own.length, batch / 2, random);
    return () => draw().map((i) => own[i]!);
  });
  return () => {
    const pairs = draws.flatMap((draw) => draw());
    const texts = [...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)].map(productText);
    return {
      ...padded(texts, tokenizer, time),
      label: Int32Array.from(pairs, ({ label }) => label),
    };
  };
}

/** Whether there are pairs of both labels to learn from. */
export const bothLabels = (labelled: readonly TextPair[] = []): boolean =>
  [0, 1].every((wanted) => labelled.some(({ label }) => label === wanted));

/** Pairs of distinct keys as far as there are enough: a repeated product would be its own negative. */
export function drawPairs(sources: readonly PairSource[], batch: number, random: Random): Positive[] {
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

const within = (x: number, { least, most }: { least: number; most: number }): number =>
  Math.min(most, Math.max(least, x));
