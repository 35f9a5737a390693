/** Questions are asked in a drawn order, so that those which time allows stand for all. */

/** Enough for a blend of eight weights: a hit rate of 30 % is known to 3 points. */
export const LEAST_ASKED = 300;

/**
 * What `ask` gives for the first of `all`: at least `least` of them, and more while there is time.
 * @param deadline seconds left
 */
export function asTimeAllows<T, R>(
  all: readonly T[],
  deadline: () => number,
  ask: (one: T, place: number) => R,
  least = LEAST_ASKED,
): R[] {
  const answers: R[] = [];
  for (const [place, one] of all.entries()) {
    if (place >= least && deadline() <= 0) break;
    answers.push(ask(one, place));
  }
  return answers;
}
