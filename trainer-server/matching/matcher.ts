/** Tells whether two products are one, from what their names, numbers, brands and prices share. */

import { type BoostedTrees, predictBoostedTrees } from '../simulate/boosted-trees.ts';
import { Corpus, type CorpusFile } from './corpus.ts';
import { pairFeatures } from './pair-features.ts';
import { type Described, type ProductTerms, productTerms } from './product-terms.ts';
import { type WordWeights, wordScore } from './word-weights.ts';

export interface MatcherModel {
  corpus: CorpusFile;
  words: WordWeights;
  trees: BoostedTrees;
  /** Chance from which on a pair is called one product: F1 was largest on pairs that were left out. */
  threshold: number;
}

export interface Match {
  same: boolean;
  /** Estimated chance of being one product, 0 to 1. */
  chance: number;
}

export class Matcher {
  #model: MatcherModel;
  #corpus: Corpus;

  constructor(model: MatcherModel) {
    this.#model = model;
    this.#corpus = new Corpus(model.corpus);
  }

  match(a: Described, b: Described): Match {
    const [left, right] = [productTerms(a), productTerms(b)];
    const { words, trees, threshold } = this.#model;
    const features = featureRow(left, right, this.#corpus, wordScore(words, left, right));
    const chance = Math.min(1, Math.max(0, predictBoostedTrees(trees, features)[0]!));
    return { same: chance >= threshold, chance };
  }
}

/** Inputs of the trees. */
export const featureRow = (a: ProductTerms, b: ProductTerms, corpus: Corpus, score: number): Float32Array =>
  Float32Array.from(Object.values(pairFeatures(a, b, corpus, score)));
