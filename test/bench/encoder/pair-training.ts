/**
 * What the parts of training on pairs give, on the titles of Amazon-Google (shared data) with no label seen: vectors wider
 * than a release carries, words left out of the views, neighbours as negatives. A network of one layer and few steps, so
 * that three seeds fit: what one seed gains another may lose.
 */

import { seeded } from '../../../shared/random.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { TEXT_TRAINING, type TextTrainingOptions } from '../../../trainer-server/encoders/text-options.ts';
import type { Figures } from '../bench.ts';
import { asProduct, CARRIED, optionsOf, vectorsOf, WIDTHS } from './edge-encoder.ts';
import { averagePrecision, labelledPairs, likeness, productsOf } from './same-product.ts';

const SEEDS = 3;
const PLACE = WIDTHS.indexOf(CARRIED);

const { contrastive } = TEXT_TRAINING;
const plain: TextTrainingOptions = {
  ...TEXT_TRAINING,
  layers: { small: 1, large: 1 },
  contrastive: { ...contrastive, batch: 32, length: 24, steps: { least: 120, most: 120 } },
};
const changed = (change: Partial<TextTrainingOptions['contrastive']>): TextTrainingOptions => ({
  ...plain,
  contrastive: { ...plain.contrastive, ...change },
});

const VARIANTS = {
  'as by default': plain,
  'no wider than carried': { ...plain, trainedWidth: CARRIED },
  'no word left out': changed({ deletion: 0 }),
  'beside neighbours': changed({ negatives: { ...contrastive.negatives, neighbours: 7 } }),
};

export async function pairTraining(say: (line: string) => void): Promise<Figures> {
  const asked = labelledPairs('valid');
  const products = productsOf([...labelledPairs('train'), ...asked]).map(asProduct);
  say(`same product by ${WIDTHS.join(', ')} values, one layer, average precision over ${SEEDS} seeds:`);
  /** By variant and seed, at the width that a release carries. */
  const found: Record<string, number[]> = {};
  for (const [name, text] of Object.entries(VARIANTS)) {
    const bySeed: number[][] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const options = { ...optionsOf(text), random: seeded(`measure ${seed}`) };
      const vectors = await vectorsOf(await trainEncoders({ products, events: [], pairs: [] }, options));
      bySeed.push(WIDTHS.map((width) => averagePrecision(asked, likeness(asked, vectors, width))));
    }
    const carried = bySeed.map((own) => own[PLACE]!);
    const means = WIDTHS.map((_, i) => mean(bySeed.map((own) => own[i]!)).toFixed(3));
    say(`  ${name.padEnd(22)} ${means.join('  ')}   (${carried.map((x) => x.toFixed(3)).join(', ')})`);
    found[name] = carried;
  }
  const gain = (better: keyof typeof VARIANTS, than: keyof typeof VARIANTS): number =>
    mean(found[better]!) - mean(found[than]!);
  return {
    wider_training_gain: gain('as by default', 'no wider than carried'),
    augmentation_gain: gain('as by default', 'no word left out'),
    hard_negatives_gain: gain('beside neighbours', 'as by default'),
  };
}

const mean = (all: readonly number[]): number => all.reduce((sum, x) => sum + x, 0) / all.length;
