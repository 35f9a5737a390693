/** What the shopper asks for in words. */

import { wordsOf } from '../words.ts';
import { type ContextGroup, tamed } from './group.ts';

export const name = 'searches';

export const names: ContextGroup['names'] = (spec) => [
  'wishes',
  'wishes.share',
  ...spec.words.map((word) => `word:${word}`),
];

export const values: ContextGroup['values'] = ({ history, spec }) => {
  if (spec.words.length === 0) return [0, 0];
  const counts = new Float64Array(spec.words.length);
  let queries = 0;
  let wishes = 0;
  for (const { query } of history) {
    if (query === undefined) continue;
    queries++;
    const words = wordsOf(query);
    let wished = false;
    spec.words.forEach((word, i) => {
      if (!words.has(word)) return;
      counts[i]!++;
      wished = true;
    });
    if (wished) wishes++;
  }
  return [tamed(wishes), (wishes + 0.3) / (queries + 1), ...[...counts].map(tamed)];
};
