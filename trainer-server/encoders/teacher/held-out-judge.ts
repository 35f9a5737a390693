/** Whether a teacher in training finds held-out partners better than before, and whether it still gains. */

import type { Parameters } from '../tuning/fine-tuning.ts';
import { type HeldOutPairs, reciprocalRanks } from './held-out-pairs.ts';

export interface Verdict {
  /** Mean reciprocal ranks, of the published values and of the best looked at. */
  published: number;
  best: number;
  /** Standard error of their difference, pair by pair. */
  error: number;
  /** The values that found them best; absent where none gained more than a standard error. */
  parameters?: Parameters;
}

/** What it is about a network in training that is asked. */
export interface Asked {
  /** Unit vectors, [texts, width]. */
  encode(texts: readonly string[]): Promise<Float32Array>;
  parameters(): Promise<Parameters>;
}

export class HeldOutJudge {
  readonly #pairs: HeldOutPairs;
  readonly #asked: Asked;
  #published: number[] = [];
  #best: { ranks: number[]; parameters?: Parameters } = { ranks: [] };
  #looksWithoutGain = 0;

  /** Looks at the network as it is before its first step. */
  static async open(pairs: HeldOutPairs, asked: Asked): Promise<HeldOutJudge> {
    const judge = new HeldOutJudge(pairs, asked);
    judge.#published = await judge.#ranks();
    judge.#best = { ranks: judge.#published };
    return judge;
  }

  private constructor(pairs: HeldOutPairs, asked: Asked) {
    this.#pairs = pairs;
    this.#asked = asked;
  }

  /** @returns how many looks there have been since the last gain */
  async look(): Promise<number> {
    const ranks = await this.#ranks();
    if (mean(ranks) <= mean(this.#best.ranks)) return ++this.#looksWithoutGain;
    this.#best = { ranks, parameters: await this.#asked.parameters() };
    this.#looksWithoutGain = 0;
    return 0;
  }

  verdict(): Verdict {
    const { ranks, parameters } = this.#best;
    const gains = ranks.map((x, i) => x - this.#published[i]!);
    const gain = mean(gains);
    const error = Math.sqrt(mean(gains.map((x) => (x - gain) ** 2)) / gains.length);
    return {
      published: mean(this.#published),
      best: mean(ranks),
      error,
      // The best of several looks is a little lucky (Breiman et al. 1984, section 3.4.3).
      ...(parameters !== undefined && gain > error && { parameters }),
    };
  }

  async #ranks(): Promise<number[]> {
    const { pairs, others } = this.#pairs;
    const texts = [...pairs.map(({ a }) => a), ...pairs.map(({ b }) => b), ...others];
    const vectors = await this.#asked.encode(texts);
    return reciprocalRanks(vectors, vectors.length / texts.length, pairs.length);
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / values.length;
