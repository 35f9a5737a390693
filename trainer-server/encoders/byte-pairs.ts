/**
 * Byte-pair merges learned from word counts (Sennrich et al. 2016, arXiv 1508.07909, algorithm 1), with pair counts
 * kept up to date where a merge touches them instead of counted anew.
 */

export type Merge = readonly [left: string, right: string];

interface Word {
  /** Symbol ids. */
  symbols: number[];
  count: number;
}

/** Symbol ids stay below this, so that a pair fits one exact number. */
const MOST_SYMBOLS = 1 << 20;

/** A merge seen only once tells nothing of the language. */
const LEAST_COUNT = 2;

/**
 * The most frequent pair again and again, at most `most` times. Among equals the pair of the older symbols wins, so
 * that the result depends on the counts alone.
 * @param words each word's symbols (one a byte) and how often it occurs
 * @param alphabet the first symbols, in order
 */
export function learnMerges(
  words: ReadonlyMap<string, number>,
  alphabet: readonly string[],
  most: number,
): Merge[] {
  const symbols = [...alphabet];
  const idOf = new Map(symbols.map((symbol, id) => [symbol, id]));
  const list: Word[] = [...words].map(([word, count]) => ({
    symbols: [...word].map((symbol) => idOf.get(symbol)!),
    count,
  }));
  const pairs = new PairCounts(list);
  const merges: Merge[] = [];
  while (merges.length < most && symbols.length < MOST_SYMBOLS) {
    const best = pairs.best();
    if (best === undefined || best.count < LEAST_COUNT) break;
    const left = Math.floor(best.pair / MOST_SYMBOLS);
    const right = best.pair % MOST_SYMBOLS;
    merges.push([symbols[left]!, symbols[right]!]);
    pairs.merge(left, right, symbols.length);
    symbols.push(symbols[left]! + symbols[right]!);
  }
  return merges;
}

interface Candidate {
  pair: number;
  count: number;
}

/** Counts of neighbouring symbols, the words that hold them, and a heap of candidates that may be stale. */
class PairCounts {
  readonly #counts = new Map<number, number>();
  readonly #holders = new Map<number, Set<Word>>();
  readonly #heap: Candidate[] = [];

  constructor(words: readonly Word[]) {
    for (const word of words) this.#add(word, 1);
    for (const [pair, count] of this.#counts) this.#push({ pair, count });
  }

  /** The pair that occurs most. A heap entry whose count has changed since is put back with the true one. */
  best(): Candidate | undefined {
    for (let top = this.#pop(); top !== undefined; top = this.#pop()) {
      const count = this.#counts.get(top.pair) ?? 0;
      if (count === top.count) return top;
      if (count > 0 && count < top.count) this.#push({ pair: top.pair, count });
    }
    return undefined;
  }

  /** Replaces the pair by one symbol in every word that holds it. */
  merge(left: number, right: number, merged: number): void {
    const holders = this.#holders.get(left * MOST_SYMBOLS + right) ?? new Set();
    const before = new Set<number>();
    for (const word of [...holders]) {
      this.#add(word, -1);
      word.symbols = mergedSymbols(word.symbols, left, right, merged);
      this.#add(word, 1, before);
    }
    for (const pair of before) this.#push({ pair, count: this.#counts.get(pair)! });
  }

  #add(word: Word, sign: 1 | -1, touched?: Set<number>): void {
    for (let i = 0; i + 1 < word.symbols.length; i++) {
      const pair = word.symbols[i]! * MOST_SYMBOLS + word.symbols[i + 1]!;
      const count = (this.#counts.get(pair) ?? 0) + sign * word.count;
      if (count === 0) this.#counts.delete(pair);
      else this.#counts.set(pair, count);
      touched?.add(pair);
      const holders = this.#holders.get(pair) ?? new Set();
      this.#holders.set(pair, holders);
      if (sign > 0) holders.add(word);
      else holders.delete(word);
    }
  }

  #push(candidate: Candidate): void {
    const heap = this.#heap;
    let at = heap.push(candidate) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(heap[at]!, heap[parent]!)) break;
      [heap[at], heap[parent]] = [heap[parent]!, heap[at]!];
      at = parent;
    }
  }

  #pop(): Candidate | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || last === undefined) return top;
    heap[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < heap.length && before(heap[child]!, heap[least]!)) least = child;
      }
      if (least === at) return top;
      [heap[at], heap[least]] = [heap[least]!, heap[at]!];
      at = least;
    }
  }
}

const before = (a: Candidate, b: Candidate): boolean =>
  a.count > b.count || (a.count === b.count && a.pair < b.pair);

function mergedSymbols(symbols: readonly number[], left: number, right: number, merged: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < symbols.length; i++) {
    if (symbols[i] === left && symbols[i + 1] === right) {
      out.push(merged);
      i++;
    } else out.push(symbols[i]!);
  }
  return out;
}
