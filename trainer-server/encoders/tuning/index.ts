/** Every way of fine-tuning that trains little, by the name that `train --tune` and `--tune-teacher` take. */

import { BadInput, show } from '../../../shared/errors.ts';
import type { TextEncoderConfig } from '../../../shared/models/text-encoder.ts';
import type { BertConfig } from '../bert/bert-config.ts';
import { adaptiveRank } from './adaptive-rank.ts';
import { ADAPTERS, bottleneckAdapters } from './bottleneck-adapters.ts';
import type { FineTuning, Layered } from './fine-tuning.ts';
import { LORA, lora } from './lora.ts';
import { PREFIX, prefixTuning } from './prefix.ts';

interface Method<Config> {
  /** What the number after the name is. */
  size: { meaning: string; usual: number; most: number; multiple: number };
  make(size: number): FineTuning<Config>;
}

type Methods<Config> = Record<string, Method<Config>>;

/** What adapts layers, whosever they are. */
const ofLayers = <Config extends Layered>() =>
  ({
    lora: {
      size: { meaning: 'rank', usual: LORA.rank, most: 64, multiple: 1 },
      make: (rank) => lora({ ...LORA, rank }),
    },
    adaptive: {
      size: { meaning: 'mean rank', usual: LORA.rank, most: 32, multiple: 1 },
      make: (rank) => adaptiveRank({ ...LORA, rank }),
    },
    adapters: {
      size: { meaning: 'inner values', usual: ADAPTERS.width, most: 512, multiple: 8 },
      make: (width) => bottleneckAdapters({ ...ADAPTERS, width }),
    },
  }) satisfies Methods<Config>;

export const FINE_TUNINGS: Methods<TextEncoderConfig> = {
  ...ofLayers<TextEncoderConfig>(),
  prefix: {
    size: { meaning: 'vectors', usual: PREFIX.length, most: 24, multiple: 1 },
    make: (length) => prefixTuning({ ...PREFIX, length }),
  },
};

/**
 * Neither the prefix, which is told by tokens of our own kind of tokenizer, nor adaptive ranks, which are dealt out between
 * two stages of training: a teacher has one.
 */
const { adaptive: _, ...ofTeachers } = ofLayers<BertConfig>();
export const TEACHER_TUNINGS: Methods<BertConfig> = ofTeachers;

/** @param text NAME or NAME:SIZE, "lora:4" @throws BadInput */
export const fineTuningOf = (text: string): FineTuning => methodOf(text, FINE_TUNINGS, '--tune');

/** As above, of a published model. @throws BadInput */
export const teacherTuningOf = (text: string): FineTuning<BertConfig> =>
  methodOf(text, TEACHER_TUNINGS, '--tune-teacher');

function methodOf<Config>(text: string, methods: Methods<Config>, field: string): FineTuning<Config> {
  const [name, told, ...more] = text.split(':') as [string, string?];
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  const names = Object.keys(methods);
  if (method === undefined || more.length > 0)
    throw new BadInput({ field }, `${names.join(', ')}, each with :SIZE or without`, show(text));
  const { usual, most, multiple, meaning } = method.size;
  const size = told === undefined ? usual : Number(told);
  if (!(Number.isInteger(size) && size >= 1 && size <= most && size % multiple === 0)) {
    const steps = multiple === 1 ? 'a whole number' : `a multiple of ${multiple}`;
    throw new BadInput({ field }, `${steps} up to ${most} (${meaning})`, show(told));
  }
  return method.make(size);
}
