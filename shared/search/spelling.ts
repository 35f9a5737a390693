/** Words that shoppers misspell, found among the words of the catalogue. */

/** Letters below which one changed letter makes another word ("mug", "rug"); from the second on two may differ. */
const ONE_ERROR = 4;
const TWO_ERRORS = 9;

/**
 * Finds the known word nearest to an unknown one by insertions, deletions, substitutions and swaps of neighbouring
 * letters (optimal string alignment: Damerau 1964). Of equally near ones the commoner.
 */
export class Spelling {
  /** Letters present, one bit each: words that differ in more than 2 bits an error cannot be near. */
  readonly #masks: Int32Array;
  /** Indices of the words of each length. */
  readonly #ofLength: number[][] = [];

  /**
   * @param words in any order
   * @param commonness of each, larger is commoner
   */
  constructor(
    readonly words: readonly string[],
    readonly commonness: (index: number) => number,
  ) {
    this.#masks = Int32Array.from(words, letters);
    words.forEach(({ length }, i) => {
      this.#ofLength[length] ??= [];
      this.#ofLength[length].push(i);
    });
  }

  /** Index of the nearest word; undefined where none is near enough. */
  nearest(word: string): number | undefined {
    const most = word.length >= TWO_ERRORS ? 2 : word.length >= ONE_ERROR ? 1 : 0;
    // A model number with another digit is another model.
    if (most === 0 || /\p{N}/u.test(word)) return undefined;
    const mask = letters(word);
    let best: number | undefined;
    let least = most + 1;
    const near = this.#ofLength.slice(word.length - most, word.length + most + 1);
    for (const i of near.flatMap((of) => of ?? [])) {
      if (bits(mask ^ this.#masks[i]!) > 2 * most) continue;
      const errors = distance(word, this.words[i]!, most);
      if (
        errors < least ||
        (errors === least && errors <= most && this.commonness(i) > this.commonness(best!))
      ) {
        least = errors;
        best = i;
      }
    }
    return best;
  }
}

function letters(word: string): number {
  let mask = 0;
  for (let i = 0; i < word.length; i++) mask |= 1 << (word.charCodeAt(i) & 31);
  return mask;
}

/** Bits set, counted side by side (Warren, "Hacker's Delight", figure 5-2). */
function bits(x: number): number {
  const pairs = x - ((x >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Number of errors between two words, or `most` + 1 where there are more. */
export function distance(a: string, b: string, most: number): number {
  let [before, last, row] = [
    [] as number[],
    Array.from({ length: b.length + 1 }, (_, j) => j),
    [] as number[],
  ];
  for (let i = 1; i <= a.length; i++) {
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let errors = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        errors = Math.min(errors, before[j - 2]! + 1);
      row.push(errors);
    }
    if (Math.min(...row) > most) return most + 1;
    [before, last] = [last, row];
  }
  return Math.min(last[b.length]!, most + 1);
}
