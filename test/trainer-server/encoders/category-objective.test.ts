import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TEXT_ENCODER, textEncoderShapes } from '../../../shared/models/text-encoder.ts';
import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import {
  categoryBatches,
  categoryHead,
  categoryLabels,
  categoryProgram,
} from '../../../trainer-server/encoders/category-objective.ts';
import {
  type EncoderModels,
  type EncoderOptions,
  trainEncoders,
} from '../../../trainer-server/encoders/index.ts';
import { TEXT_TRAINING } from '../../../trainer-server/encoders/text-options.ts';
import { openTokenizer, trainTokenizer, vocabularySize } from '../../../trainer-server/encoders/tokenizer.ts';
import { initialParameters } from '../../../trainer-server/encoders/transformer.ts';
import { tuned } from '../../../trainer-server/encoders/tuning/fine-tuning.ts';
import { fineTuningOf } from '../../../trainer-server/encoders/tuning/index.ts';
import { startTraining } from '../../../trainer-server/graph/index.ts';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { ringProducts, smallTraining } from '../../helpers/ring-shop.ts';

const product = (sku: string, category: string[], title = 'thing'): Product => ({ sku, title, category });
const many = (count: number, category: string[]): Product[] =>
  Array.from({ length: count }, (_, i) => product(`${category.join()}${i}`, category));

describe('the labels of a category tree', () => {
  it('name the places of each path, which categories of one branch share', () => {
    const catalogue = [...many(20, ['A', 'x']), ...many(9, ['A', 'y']), ...many(3, ['B'])];
    const labels = categoryLabels(catalogue)!;
    const [ax, ay, b] = labels.paths;
    expect([ax!.length, ay!.length, b!.length]).toEqual([2, 2, 1]);
    expect(ax![0]).toBe(ay![0]);
    expect(new Set([...ax!, ...ay!, ...b!]).size).toBe(4);
    expect(labels.places).toBe(4);
    expect(labels.products.map(({ label }) => label)).toEqual(
      catalogue.map((_, i) => (i < 20 ? 0 : i < 29 ? 1 : 2)),
    );
  });

  it('leave out products without text, and are none where there is nothing to tell apart', () => {
    const [untold, wordless] = [many(5, []), many(5, ['B']).map((one) => ({ ...one, title: '' }))];
    expect(categoryLabels([...many(30, ['A']), ...untold, ...wordless])).toBeUndefined();
    expect(categoryLabels([...many(4, ['A']), ...many(4, ['B'])])).toBeUndefined();
    expect(categoryLabels([...many(30, ['A']), ...many(4, ['B']), ...wordless])!.products).toHaveLength(34);
  });
});

const options = (every: number): EncoderOptions => {
  const { text, ...rest } = smallTraining('categories');
  const contrastive = { ...text!.contrastive, steps: { least: 60, most: 60 } };
  return {
    ...rest,
    only: ['text'],
    text: { ...text!, contrastive, categories: { batch: 16, every, sharpness: 16 } },
  };
};
/** Two colours each for categories: nothing in their titles is alike. */
const coloured = ringProducts.map((one) => ({
  sku: one.sku,
  title: one.title,
  category: ['All', /red|green/.test(one.sku) ? 'one' : 'two'],
}));
const train = (every: number, more: Partial<EncoderOptions> = {}): Promise<EncoderModels> =>
  trainEncoders({ products: coloured, events: [], pairs: [] }, { ...options(every), ...more });

describe('the category as an objective', () => {
  it('starts at a guess among as many as there are', async () => {
    const catalogue = [...many(9, ['A']), ...many(8, ['B', 'x']), ...many(7, ['B', 'y'])];
    const labels = categoryLabels(catalogue)!;
    const file = trainTokenizer(['thing'], { vocabulary: 300 });
    const small = { layers: 1, width: 32, heads: 2, inner: 32, length: 8, vocabulary: vocabularySize(file) };
    const config = { ...TEXT_ENCODER, ...small };
    const head = categoryHead(labels, config, seeded('head'));
    for (const { data } of Object.values(head)) data.fill(0.1);
    const parameters = initialParameters(textEncoderShapes(config), 1, seeded('text'));
    const training = await startTraining(categoryProgram(parameters, head, labels, config, 8, TEXT_TRAINING));
    const batches = categoryBatches(labels, openTokenizer(file), 8, seeded('batch'), TEXT_TRAINING);
    const { loss } = await training.evaluate(batches());
    await training.close();
    // Directions that point one way, whatever the path's length, are no help.
    expect(loss).toBeCloseTo(Math.log(3), 4);
  });

  it('brings products of one category together, and leaves nothing of its own in the encoder', async () => {
    const [without, models] = [await train(0), await train(1)];
    expect(separation(models)).toBeGreaterThan(separation(without) + 0.05);
    expect(models.report.text_categoriesLoss).toBeLessThan(Math.log(2));
    expect(without.report.text_categoriesLoss).toBeUndefined();
    const names = Object.keys(textEncoderShapes(models.text!.config));
    expect(Object.keys(models.text!.parameters).sort()).toEqual(names.sort());
  }, 60_000);

  it('is learned by an adapter beside the encoder, too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'category-objective-'));
    try {
      const base = await train(0);
      await writeEncoderBundle(folder, base);
      const from = await openBundle(folder);
      const models = await train(1, { from, tuning: fineTuningOf('adaptive:4') });
      expect(separation(models)).toBeGreaterThan(separation(base) + 0.05);
      const names = Object.keys(textEncoderShapes(models.text!.config));
      expect(Object.keys(models.text!.parameters).sort()).toEqual(names.sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 60_000);

  it('trains its directions in full where little else is trained', () => {
    const labels = categoryLabels(coloured)!;
    const config = { ...TEXT_ENCODER, ...{ layers: 1, width: 32, heads: 2, inner: 32, vocabulary: 300 } };
    const tuning = fineTuningOf('lora');
    const start = { config, parameters: initialParameters(textEncoderShapes(config), 1, seeded('text')) };
    const { parameters } = tuning.extended(start, seeded('adapters'));
    const head = categoryHead(labels, config, seeded('head'));
    const program = categoryProgram(parameters, head, labels, config, 8, TEXT_TRAINING);
    const trained = Object.keys(program.parameters).filter(
      (name) => !tuned(program, tuning).frozen!.includes(name),
    );
    expect(trained).toContain('head.category');
    expect(trained).toContain('text.project.lora.a');
    expect(trained).not.toContain('text.project');
  });
});

/** Mean cosine of products of one category less that of others. */
function separation({ textVectors, catalogue, text }: EncoderModels): number {
  const width = text!.config.vectorWidth;
  const sums = { same: [0, 0], other: [0, 0] };
  const vector = (row: number): Float32Array => textVectors!.subarray(width * row, width * (row + 1));
  catalogue.products.forEach((a, i) => {
    catalogue.products.slice(0, i).forEach((b, j) => {
      const of = a.category[1] === b.category[1] ? sums.same : sums.other;
      of[0]! += vector(i).reduce((sum, x, k) => sum + x * vector(j)[k]!, 0);
      of[1]! += 1;
    });
  });
  return sums.same[0]! / sums.same[1]! - sums.other[0]! / sums.other[1]!;
}
