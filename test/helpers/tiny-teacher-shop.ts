/** A shop in the words that the tiny random BERT of test/cases/bert knows, and how that learns from it. */

import { join } from 'node:path';
import type { Product } from '../../shared/product.ts';
import { catalogueOf } from '../../trainer-server/encoders/catalogue.ts';
import {
  TEACHER_TRAINING,
  type TeacherTraining,
} from '../../trainer-server/encoders/teacher/tuning-options.ts';
import { pairSources } from '../../trainer-server/encoders/text-pairs.ts';

/** Three layers of 24 values: make_case.py in the folder made it. */
export const TINY_BERT = join(import.meta.dirname, '../cases/bert');

/** Descriptions say the title's words backwards: nothing that it knew. */
const KINDS = ['mug', 'teapot', 'pot', 'tea mug'];
const LOOKS = ['a blue', 'stone', 'cafe', 'blue stone', '2 blue', 'cafe stone', 'stoneware', '2'];
const PARTS = ['and', 'of tea', 'of stone', '2 pots', '茶', '壶'];
export const TINY_PRODUCTS: Product[] = KINDS.flatMap((kind, k) =>
  LOOKS.flatMap((look, l) =>
    PARTS.map((part, p) => {
      const title = `${look} ${kind} ${part}`;
      const description = title.split(' ').reverse().join(' ');
      return { sku: `${k}-${l}-${p}`, title, description, category: [] };
    }),
  ),
);

export const TINY_TUNING: TeacherTraining = {
  ...TEACHER_TRAINING,
  contrastive: { ...TEACHER_TRAINING.contrastive, batch: 16, steps: { least: 80, most: 80 }, rate: 1.5e-3 },
  dropout: 0,
  heldOut: { share: 0.2, most: 40, least: 12 },
};

export const tinyPairs = () => ({
  sources: pairSources(catalogueOf({ products: TINY_PRODUCTS, events: [] }), [], [], TINY_TUNING.contrastive),
  labelled: [],
  products: TINY_PRODUCTS.length,
});
