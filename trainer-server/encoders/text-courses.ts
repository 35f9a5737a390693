/** The stages that train the text encoder: each a program, how long it goes, and where its batches come from. */

import { productText } from '../../shared/features/profile-text.ts';
import { type TextTokenizer, textTokens } from '../../shared/features/text-tokens.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import { type Random, shuffle } from '../../shared/random.ts';
import type { Feeds } from '../graph/index.ts';
import type { TrainingOptions } from '../training-options.ts';
import type { TextTrainingOptions } from './text-options.ts';
import type { PairSource, Positive } from './text-pairs.ts';
import { maskedBatch } from './text-programs.ts';
import type { TextData } from './train-text.ts';

/** One stage of training: a program, how long, and where its batches come from. */
export interface Course {
  program: string;
  title: string;
  steps: number;
  seconds: number;
  /** Peak of the learning rate, and its end as a share of it. */
  rate: number;
  final: number;
  batch(): Feeds;
}

/** Words left out of the texts and to be guessed. @param time tokens of the longest */
export function maskedWords(
  { texts, tokenizer }: Pick<TextData, 'texts' | 'tokenizer'>,
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
    title: 'masked words',
    steps: within(Math.ceil((passes * texts.length) / batch), steps),
    seconds,
    rate,
    final: 0.1,
    batch: () => {
      const tokens = draw().map((i) => textTokens(tokenizer, texts[i]!, time));
      return maskedBatch(tokens, time, masked, config.vocabulary, random);
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
  { sources, tokenizer, products }: TextData,
  time: number,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Course {
  const { batch, pairsPerProduct, steps, rate } = settings.contrastive;
  const random = options.random.fork('contrastive');
  return {
    program: 'contrastive',
    title: `pairs (${sources.map(({ name }) => name).join(', ')})`,
    steps: within(Math.ceil((pairsPerProduct * products) / batch), steps),
    seconds,
    rate,
    final: 0.02,
    batch: () => {
      const pairs = drawPairs(sources, batch, random);
      return padded([...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)], tokenizer, time);
    },
  };
}

/** What is one product and what is not, as many of each in a batch: most pairs that people label are none. */
export function fromLabels(
  { labelled = [], tokenizer }: TextData,
  time: number,
  seconds: number,
  options: TrainingOptions,
  settings: TextTrainingOptions,
): Course {
  const { batch, passes, steps, rate } = settings.labels;
  const random = options.random.fork('labels');
  const draws = [1, 0].map((wanted) => {
    const own = labelled.filter(({ label }) => label === wanted);
    const draw = inTurn(own.length, batch / 2, random);
    return () => draw().map((i) => own[i]!);
  });
  return {
    program: 'labels',
    title: 'labelled pairs',
    steps: within(Math.ceil((passes * labelled.length) / batch), steps),
    seconds,
    rate,
    final: 0.02,
    batch: () => {
      const pairs = draws.flatMap((draw) => draw());
      const texts = [...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b)].map(productText);
      return {
        ...padded(texts, tokenizer, time),
        label: Int32Array.from(pairs, ({ label }) => label),
      };
    },
  };
}

/** All of `count` in random order, `batch` at a time, over and over. */
function inTurn(count: number, batch: number, random: Random): () => number[] {
  let order: number[] = [];
  return () => {
    while (order.length < batch) order = order.concat(shuffle([...Array(count).keys()], random));
    return order.splice(0, batch);
  };
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

const within = (x: number, { least, most }: { least: number; most: number }): number =>
  Math.min(most, Math.max(least, x));
