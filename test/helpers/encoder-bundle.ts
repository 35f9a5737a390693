/** A bundle folder made of encoders alone, for tests of the commands that read it. */

import type { FirstMeta } from '../../shared/bundle.ts';
import { EXPLORATION } from '../../shared/choose.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import { SHOP_DEFAULTS } from '../../shared/shop.ts';
import { writeTensors } from '../../shared/tensors.ts';
import { type EncoderModels, exportEncoders } from '../../trainer-server/encoders/index.ts';
import { writeBundle } from '../../trainer-server/release/bundle.ts';
import { MANIFEST } from './manifest-draft.ts';

export async function writeEncoderBundle(dir: string, models: EncoderModels): Promise<void> {
  const { files, first, firstTensors, parts, trainer } = exportEncoders(models);
  const meta: FirstMeta = {
    shop: SHOP_DEFAULTS,
    features: {
      version: FEATURE_VERSION,
      attributes: [],
      slots: [],
      promotions: ['none'],
      categories: [],
      words: [],
      priceEdges: [...models.priceEdges],
      priceScale: 1000,
    },
    promotions: [{ id: 'none', terms: { type: 'none' } }],
    budgetCost: {},
    exploration: EXPLORATION,
    ...first,
  };
  await writeBundle(dir, {
    manifest: { ...MANIFEST, expires: Number.MAX_SAFE_INTEGER, parts },
    files: [
      {
        path: 'first.json',
        role: 'first-meta',
        group: 'first',
        bytes: new TextEncoder().encode(JSON.stringify(meta)),
      },
      { path: 'first.safetensors', role: 'first-tensors', group: 'first', bytes: writeTensors(firstTensors) },
      ...files,
    ],
    trainer,
  });
}
