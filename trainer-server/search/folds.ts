/** Cross-validation: every query is judged by what was fitted without it. */

import { hash32 } from '../../shared/random.ts';

export const FOLDS = 5;

/**
 * What `fit` gives for each held-out fifth, in the order of `all`.
 * @param nameOf what falls into a fold together
 * @param learn one result for each of `held`, learned from `others` alone
 */
export function inFolds<T, R>(
  all: readonly T[],
  nameOf: (one: T) => string,
  learn: (others: readonly T[], held: readonly T[]) => R[],
): R[] {
  const results = new Map<T, R>();
  for (let fold = 0; fold < FOLDS; fold++) {
    const [held, others]: [T[], T[]] = [[], []];
    for (const one of all) (hash32(nameOf(one)) % FOLDS === fold ? held : others).push(one);
    if (held.length === 0) continue;
    const found = learn(others, held);
    for (const [i, one] of held.entries()) results.set(one, found[i]!);
  }
  return all.map((one) => results.get(one)!);
}
