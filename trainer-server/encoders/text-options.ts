/** Hyperparameters of the text encoder's training. */

export interface TextTrainingOptions {
  /** Layers for catalogues below `largeCatalogue` products, and from there on. */
  layers: { small: number; large: number };
  largeCatalogue: number;
  /** Masked language modelling: texts a batch, share of tokens predicted, passes over the catalogue. */
  pretraining: { batch: number; masked: number; passes: number; steps: Range; rate: number };
  /** Contrastive: pairs a batch, their number per product, temperature of the similarities. */
  contrastive: { batch: number; pairsPerProduct: number; steps: Range; rate: number; temperature: number };
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
  pretraining: { batch: 32, masked: 0.15, passes: 3, steps: { least: 100, most: 1200 }, rate: 1e-3 },
  contrastive: {
    batch: 64,
    pairsPerProduct: 6,
    steps: { least: 150, most: 1500 },
    rate: 5e-4,
    temperature: 0.05,
  },
  dropout: 0.1,
  weightDecay: 0.01,
  warmup: 0.06,
  share: 0.35,
};
