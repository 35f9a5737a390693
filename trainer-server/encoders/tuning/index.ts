/** Every way of fine-tuning that trains little, by the name that `train --tune` takes. */

import { BadInput, show } from '../../../shared/errors.ts';
import { adaptiveRank } from './adaptive-rank.ts';
import { ADAPTERS, bottleneckAdapters } from './bottleneck-adapters.ts';
import type { FineTuning } from './fine-tuning.ts';
import { LORA, lora } from './lora.ts';
import { PREFIX, prefixTuning } from './prefix.ts';

interface Method {
  /** What the number after the name is. */
  size: { meaning: string; usual: number; most: number; multiple: number };
  make(size: number): FineTuning;
}

export const FINE_TUNINGS: Record<string, Method> = {
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
  prefix: {
    size: { meaning: 'vectors', usual: PREFIX.length, most: 24, multiple: 1 },
    make: (length) => prefixTuning({ ...PREFIX, length }),
  },
};

/** @param text NAME or NAME:SIZE, "lora:4" @throws BadInput */
export function fineTuningOf(text: string): FineTuning {
  const [name, told, ...more] = text.split(':') as [string, string?];
  const method = Object.hasOwn(FINE_TUNINGS, name) ? FINE_TUNINGS[name] : undefined;
  const names = Object.keys(FINE_TUNINGS);
  if (method === undefined || more.length > 0)
    throw new BadInput({ field: '--tune' }, `${names.join(', ')}, each with :SIZE or without`, show(text));
  const { usual, most, multiple, meaning } = method.size;
  const size = told === undefined ? usual : Number(told);
  if (!(Number.isInteger(size) && size >= 1 && size <= most && size % multiple === 0)) {
    const steps = multiple === 1 ? 'a whole number' : `a multiple of ${multiple}`;
    throw new BadInput({ field: '--tune' }, `${steps} up to ${most} (${meaning})`, show(told));
  }
  return method.make(size);
}
