import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productText } from '../../../shared/features/profile-text.ts';
import { type EncoderModels, trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { openTeacher } from '../../../trainer-server/encoders/teacher/open-teacher.ts';
import { fineTuningOf } from '../../../trainer-server/encoders/tuning/index.ts';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { ringDataset, ringProducts, smallTraining } from '../../helpers/ring-shop.ts';

/** The shop's people say that what has one colour is one product, which no title says. */
const pairs = ringProducts.flatMap((a, i) =>
  ringProducts
    .slice(0, i)
    .map((b) => ({ a, b, label: colourOf(a.sku) === colourOf(b.sku) ? 1 : 0 }) as const),
);

const options = () => {
  const small = smallTraining('fine-tuning');
  return {
    ...small,
    only: ['text' as const],
    text: { ...small.text!, labels: { ...small.text!.labels, batch: 16, steps: { least: 80, most: 80 } } },
  };
};

let folder: string;
let base: EncoderModels;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fine-tuning-'));
  base = await trainEncoders(ringDataset(20), options());
  await writeEncoderBundle(join(folder, 'base'), base);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a text encoder that goes on with labelled pairs', () => {
  it('tells what was labelled one product from what was not, in full and by few values alone', async () => {
    const from = await openBundle(join(folder, 'base'));
    const dataset = { ...ringDataset(20), pairs };
    for (const tuning of [undefined, fineTuningOf('adaptive:4')]) {
      const { report, ...models } = await trainEncoders(dataset, { ...options(), from, tuning });
      expect(separation(models)).toBeGreaterThan(separation(base) + 0.3);
      const tokens = 'text.token';
      const kept = models.text!.parameters[tokens]!.data.every(
        (x, i) => x === base.text!.parameters[tokens]!.data[i],
      );
      expect(kept).toBe(tuning !== undefined);
      if (tuning !== undefined) expect(report.text_tunedShare).toBeLessThan(0.1);
    }
  }, 120_000);

  it('teaches as a release what it has learned', async () => {
    const teacher = await openTeacher(join(folder, 'base'));
    try {
      const told = base.catalogue.products.map(productText);
      const said = await teacher.encode(told);
      const difference =
        Math.hypot(...said.map((x, i) => x - base.textVectors![i]!)) / Math.sqrt(told.length);
      // The bundle's encoder is the quantized one.
      expect(difference).toBeLessThan(0.05);
    } finally {
      await teacher.close();
    }
  });
});

/** Mean cosine of products of one colour less that of others. */
function separation({ textVectors, catalogue }: Pick<EncoderModels, 'textVectors' | 'catalogue'>): number {
  const sums = { same: [0, 0], other: [0, 0] };
  const vector = (row: number): Float32Array => textVectors!.subarray(64 * row, 64 * row + 64);
  catalogue.products.forEach((a, i) => {
    catalogue.products.slice(0, i).forEach((b, j) => {
      const of = colourOf(a.sku) === colourOf(b.sku) ? sums.same : sums.other;
      of[0]! += vector(i).reduce((sum, x, k) => sum + x * vector(j)[k]!, 0);
      of[1]! += 1;
    });
  });
  return sums.same[0]! / sums.same[1]! - sums.other[0]! / sums.other[1]!;
}

function colourOf(sku: string): string {
  return sku.split('-')[1]!;
}
