/** Hyperparameters of fine-tuning a teacher on a shop's own pairs. */

import { TEXT_TRAINING, type TextTrainingOptions } from '../text-options.ts';

export interface TeacherTraining
  extends Pick<
    TextTrainingOptions,
    'contrastive' | 'labels' | 'nestedWidths' | 'dropout' | 'weightDecay' | 'warmup'
  > {
  /** Share of the remaining time that it may take. */
  share: number;
  /**
   * Products whose pairs judge and do not teach: their share; so many of the pairs, and as many texts that people labelled
   * as another product beside their partners; fewer than `least` pairs cannot judge.
   */
  heldOut: { share: number; most: number; least: number };
  /** Steps between two looks at the held-out pairs; looks without a gain after which it ends. */
  check: { every: number; patience: number };
}

/**
 * A published model knows much that a shop does not tell: steps are few, and the rate is that of fine-tuning such models in
 * full, which the way of fine-tuning multiplies (Hu et al. 2021, table 11, have 2e-4 to 5e-4 for low rank). The temperature
 * is the one that all-MiniLM-L6-v2 was published with.
 */
export const TEACHER_TRAINING: TeacherTraining = {
  contrastive: {
    ...TEXT_TRAINING.contrastive,
    batch: 32,
    pairsPerProduct: 2,
    steps: { least: 40, most: 300 },
    rate: 6e-5,
  },
  labels: { ...TEXT_TRAINING.labels, batch: 32 },
  nestedWidths: [],
  dropout: 0.1,
  weightDecay: 0.01,
  warmup: 0.1,
  share: 0.25,
  heldOut: { share: 0.1, most: 192, least: 32 },
  check: { every: 20, patience: 3 },
};
