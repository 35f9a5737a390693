/** Hyperparameters of the text encoder's training. */

export interface TextTrainingOptions {
  /** Layers for catalogues below `largeCatalogue` products, and from there on. */
  layers: { small: number; large: number };
  largeCatalogue: number;
  /** Masked language modelling: texts a batch and tokens of each, share of tokens predicted, passes over the texts. */
  pretraining: { batch: number; length: number; masked: number; passes: number; steps: Range; rate: number };
  /** Contrastive: pairs a batch and tokens of each text, pairs per product, temperature of the similarities. */
  contrastive: {
    batch: number;
    length: number;
    pairsPerProduct: number;
    steps: Range;
    rate: number;
    temperature: number;
  };
  dropout: number;
  weightDecay: number;
  warmup: number;
  /** Share of the remaining time that both stages may take together. */
  share: number;
}

interface Range {
  least: number;
  most: number;
}

/** Masked share after Devlin et al. 2019; temperature after Gao et al. 2021 (SimCSE, arXiv 2104.08821). */
export const TEXT_TRAINING: TextTrainingOptions = {
  layers: { small: 2, large: 4 },
  largeCatalogue: 2000,
  pretraining: {
    batch: 32,
    length: 48,
    masked: 0.15,
    passes: 3,
    steps: { least: 100, most: 1200 },
    rate: 1e-3,
  },
  contrastive: {
    batch: 64,
    length: 32,
    pairsPerProduct: 6,
    steps: { least: 120, most: 1500 },
    rate: 5e-4,
    temperature: 0.05,
  },
  dropout: 0.1,
  weightDecay: 0.01,
  warmup: 0.06,
  share: 0.35,
};
