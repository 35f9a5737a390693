/** Hyperparameters of the text encoder's training. */

import type { HardNegatives } from './hard-negatives.ts';

export interface TextTrainingOptions {
  /** Layers for catalogues below `largeCatalogue` products, and from there on. */
  layers: { small: number; large: number };
  largeCatalogue: number;
  /**
   * Masked language modelling: texts a batch and tokens of each, share of tokens predicted, passes over the texts. Only
   * from so many tokens on, where there are pairs: fewer teach how frequent words are and flatten the states. An encoder
   * that starts from nothing learns the order of sentences with them (sentence-order.ts): that loss counts so much; 0 for
   * words alone.
   */
  pretraining: {
    batch: number;
    length: number;
    masked: number;
    order: number;
    passes: number;
    steps: Range;
    rate: number;
    leastTokens: number;
  };
  /**
   * Contrastive: pairs a batch and tokens of each text, pairs per product, temperature of the similarities; chance of a
   * word to be left out of each of two views of a product, half of it where the two texts differ anyway; whether the view
   * that the title is not in tells the category; which pairs are each other's negatives.
   */
  contrastive: {
    batch: number;
    length: number;
    pairsPerProduct: number;
    steps: Range;
    rate: number;
    temperature: number;
    deletion: number;
    category: boolean;
    negatives: HardNegatives;
  };
  /**
   * The category told by the vector (category-objective.ts): a step of so many products after every so many steps of pairs,
   * 0 for none; how sharp its softmax over cosines is.
   */
  categories: { batch: number; every: number; sharpness: number };
  /** What people judged relevant to a query (relevance-objective.ts), in steps beside those of pairs as above. */
  relevance: { batch: number; every: number; sharpness: number };
  /** From a teacher, where one is given: texts a batch, passes over what it was asked. */
  distillation: { batch: number; passes: number; steps: Range; rate: number };
  /** Labelled pairs: pairs a batch (even), passes over them; a pair's logit is this sharpness times its cosine less 0.5. */
  labels: { batch: number; passes: number; steps: Range; rate: number; sharpness: number };
  /**
   * Values of a vector while training; a release carries the first TEXT_ENCODER.vectorWidth of them, and the trainer keeps
   * the rest. An encoder that goes on from an earlier one keeps that one's.
   */
  trainedWidth: number;
  /** Prefixes of a vector that are trained to serve as vectors, beside the whole. */
  nestedWidths: readonly number[];
  dropout: number;
  weightDecay: number;
  warmup: number;
  /** Share of the remaining time that all stages may take together. */
  share: number;
}

interface Range {
  least: number;
  most: number;
}

/**
 * Masked share after Devlin et al. 2019; temperature after Gao et al. 2021 (SimCSE, arXiv 2104.08821). Chosen on half of
 * Amazon-Google's validation pairs, average precision after 150 steps of pairs (chance .098): .255 without masked
 * words before them, .214 after 300 steps of those; .271 at twice the rate of pairs. Words
 * deleted from the views, or none, stand side by side in the encoder bench.
 */
export const TEXT_TRAINING: TextTrainingOptions = {
  layers: { small: 2, large: 4 },
  largeCatalogue: 2000,
  pretraining: {
    batch: 32,
    length: 48,
    masked: 0.15,
    order: 0,
    passes: 3,
    steps: { least: 100, most: 1200 },
    rate: 1e-3,
    leastTokens: 1_000_000,
  },
  contrastive: {
    batch: 64,
    length: 32,
    pairsPerProduct: 6,
    steps: { least: 120, most: 1500 },
    rate: 1e-3,
    temperature: 0.05,
    deletion: 0.2,
    category: true,
    negatives: { neighbours: 0, margin: 0.95, pool: 8 },
  },
  categories: { batch: 64, every: 0, sharpness: 16 },
  relevance: { batch: 32, every: 0, sharpness: 10 },
  distillation: { batch: 64, passes: 12, steps: { least: 200, most: 2000 }, rate: 1e-3 },
  labels: { batch: 64, passes: 5, steps: { least: 60, most: 800 }, rate: 5e-4, sharpness: 10 },
  trainedWidth: 128,
  nestedWidths: [16, 32, 64],
  dropout: 0.1,
  weightDecay: 0.01,
  warmup: 0.06,
  share: 0.35,
};
