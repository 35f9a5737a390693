/** A tiny shop whose truth is known: shoppers walk around a ring of products, always to the next one. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { Product } from '../../shared/product.ts';
import { seeded } from '../../shared/random.ts';
import type { Dataset } from '../../trainer-server/dataset/load.ts';
import type { EncoderOptions } from '../../trainer-server/encoders/index.ts';
import { PICTURE_TRAINING } from '../../trainer-server/encoders/pictures/picture-options.ts';
import { SESSION_TRAINING } from '../../trainer-server/encoders/session-options.ts';
import { TEXT_TRAINING } from '../../trainer-server/encoders/text-options.ts';
import { SILENT } from '../../trainer-server/progress.ts';
import { NO_CHECKPOINTS } from '../../trainer-server/training-options.ts';

const THINGS = ['mug', 'lamp', 'chair', 'scarf', 'kettle', 'clock'];
const COLOURS = ['red', 'blue', 'green', 'white'];

/** 24 products, "red mug" and so on, in as many categories as things. */
export const ringProducts: Product[] = THINGS.flatMap((thing, t) =>
  COLOURS.map((colour, c) => ({
    sku: `${thing}-${colour}`,
    title: `${colour} ${thing}`,
    description: `A ${thing} for the house, in ${colour}.`,
    category: ['Home', thing],
    price: 500 + 100 * t + 10 * c,
  })),
);

export const nextOnRing = (sku: string): string =>
  ringProducts[(ringProducts.findIndex((product) => product.sku === sku) + 1) % ringProducts.length]!.sku;

/** Walks of five products, each from a random place. */
export function ringEvents(visitors: number, times = true): BehaviourEvent[] {
  const random = seeded('ring');
  return Array.from({ length: visitors }, (_, i) => {
    const from = random.int(ringProducts.length);
    return Array.from({ length: 5 }, (_, step): BehaviourEvent => {
      const { sku } = ringProducts[(from + step) % ringProducts.length]!;
      const event: BehaviourEvent = { visitor: `v${String(i).padStart(5, '0')}`, name: 'view_item', sku };
      return times ? { ...event, ts: 1_700_000_000_000 + i * 3_600_000 + step * 20_000 } : event;
    });
  }).flat();
}

export const ringDataset = (visitors: number): Pick<Dataset, 'products' | 'events' | 'pairs'> => ({
  products: ringProducts,
  events: ringEvents(visitors),
  pairs: [],
});

/** Training small enough for a test. */
export const smallTraining = (seed: string): EncoderOptions => ({
  device: 'cpu',
  random: seeded(seed),
  progress: SILENT,
  signal: new AbortController().signal,
  deadline: () => Number.POSITIVE_INFINITY,
  checkpoints: NO_CHECKPOINTS,
  priceEdges: [600, 700, 800, 900, 1000],
  vocabulary: 400,
  text: {
    ...TEXT_TRAINING,
    layers: { small: 1, large: 1 },
    pretraining: { ...TEXT_TRAINING.pretraining, batch: 16, steps: { least: 10, most: 10 } },
    contrastive: { ...TEXT_TRAINING.contrastive, batch: 16, steps: { least: 20, most: 20 } },
  },
  session: {
    ...SESSION_TRAINING,
    tokens: 512,
    steps: 150,
    epochs: { least: 1, most: 30 },
    rate: 1e-2,
    cases: 100,
  },
  pictures: { ...PICTURE_TRAINING, batch: 16, steps: { least: 60, most: 60 }, rate: 3e-3, heldOut: 0.25 },
});
