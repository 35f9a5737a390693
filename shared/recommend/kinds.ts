/** Which products stand for each other: those of one category, where the categories are fine enough to say so. */

/** A category that holds more of the catalogue than this tells no kind: not everything in it replaces the rest. */
const COARSE = 1 / 3;

/** @param category of each row, as a number; below zero where unknown @returns undefined where nothing tells the kind */
export function kindsOf(category: readonly number[]): (number | undefined)[] {
  const sizes = new Map<number, number>();
  for (const each of category) sizes.set(each, (sizes.get(each) ?? 0) + 1);
  return category.map((each) => (each < 0 || sizes.get(each)! > COARSE * category.length ? undefined : each));
}
