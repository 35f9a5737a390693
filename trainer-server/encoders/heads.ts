/** Values that only teach an encoder: they are trained with it, in full whatever the way of fine-tuning, and never exported. */

import type { Parameters } from './tuning/fine-tuning.ts';

export const HEAD = 'head.';

export const isHead = (name: string): boolean => name.startsWith(HEAD);

export const withoutHeads = (parameters: Parameters): Parameters =>
  Object.fromEntries(Object.entries(parameters).filter(([name]) => !isHead(name)));
