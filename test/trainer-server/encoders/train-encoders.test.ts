import { beforeAll, describe, expect, it } from 'vitest';
import { recommendScores } from '../../../shared/recommend/recommend.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';
import { readTensors, writeTensors } from '../../../shared/tensors.ts';
import {
  type EncoderModels,
  encodeHistories,
  exportEncoders,
  trainEncoders,
} from '../../../trainer-server/encoders/index.ts';
import { encodeBatch, sessionOnnx } from '../../../trainer-server/encoders/session-export.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import { TEXT_TABLE_FILE } from '../../../trainer-server/recommend/open-bundle-tables.ts';
import { nextOnRing, ringDataset, ringProducts, smallTraining } from '../../helpers/ring-shop.ts';

const view = (sku: string) => ({ visitor: 'x', name: 'view_item' as const, sku });

describe('trainEncoders on a shop whose shoppers walk a ring', () => {
  let models: EncoderModels;
  beforeAll(async () => {
    models = await trainEncoders(ringDataset(300), smallTraining('ring'));
  }, 120_000);

  it('learns which product comes next, by the session encoder alone', async () => {
    const { config } = models.session!;
    const states = await encodeHistories(
      models,
      ringProducts.map(({ sku }) => [view(sku)]),
    );
    let right = 0;
    ringProducts.forEach(({ sku }, i) => {
      const state = states.subarray(i * config.width, (i + 1) * config.width);
      const scores = models.catalogue.products.map((_, row) =>
        state.reduce((sum, x, d) => sum + x * models.vectors[row * config.width + d]!, 0),
      );
      const best = scores.indexOf(Math.max(...scores));
      if (models.catalogue.products[best]!.sku === nextOnRing(sku)) right++;
    });
    // By chance 1 of 24.
    expect(right).toBeGreaterThanOrEqual(20);
  });

  it('tells the size, the time and the memory of the session encoder', () => {
    const { report, parameters, table } = models.session!;
    const values = Object.values(parameters).reduce((n, { data }) => n + data.length, table.length);
    expect(report.parameters).toBe(values);
    expect(report.seconds).toBeGreaterThan(0);
    // Node alone holds some 40 MB, and the process that trains holds parameters, two moments and gradients besides.
    for (const peak of [report.trainerPeakMb, report.stepsPeakMb]) {
      expect(peak).toBeGreaterThan(30 + (4 * 4 * values) / 2 ** 20);
      expect(peak).toBeLessThan(8000);
    }
  });

  it('mixes the recommenders so that the next product comes first', () => {
    const recommender = {
      rows: ringProducts.length,
      ...models.recommend!,
      vectors: { width: 64, data: models.vectors },
      rowOf: models.catalogue.rowOf,
    };
    for (const { sku } of ringProducts) {
      const [first] = topRows(recommendScores(recommender, { history: [view(sku)] }), 1);
      expect(models.catalogue.products[first!]!.sku).toBe(nextOnRing(sku));
    }
  });

  it('never mixes worse than the best recommender alone, on the held-out cases', () => {
    const { report } = models;
    const parts = ['session', 'next', 'together', 'repeat', 'content', 'popularity'];
    const best = Math.max(...parts.map((part) => report[`recommend_${part}`]!));
    expect(report.recommend_cases).toBeGreaterThan(20);
    expect(report.recommend_blend).toBeGreaterThanOrEqual(best - 1e-9);
  });

  it('exports an int8 session encoder whose states are those of the trained graph within 2 per cent', async () => {
    const { config, parameters } = models.session!;
    const histories = ringProducts.map(({ sku }) => [view(sku), view(nextOnRing(sku))]);
    const session = await openSession(sessionOnnx(parameters, config));
    const exact = await encodeBatch(
      { session, config, table: models.vectors, products: models.lookup, priceEdges: models.priceEdges },
      histories,
    );
    await session.close();
    const int8 = await encodeHistories(models, histories);
    const difference = Math.hypot(...int8.map((x, i) => x - exact[i]!));
    expect(difference / Math.hypot(...exact)).toBeLessThan(0.02);
    expect(difference).toBeGreaterThan(0);
  });

  it('gives texts of one thing vectors nearer to each other than to other things', () => {
    const { textVectors, catalogue } = models;
    const vector = (sku: string) =>
      textVectors!.subarray(catalogue.rowOf(sku)! * 64, catalogue.rowOf(sku)! * 64 + 64);
    const cosine = (a: string, b: string) => vector(a).reduce((sum, x, i) => sum + x * vector(b)[i]!, 0);
    expect(cosine('mug-red', 'mug-red')).toBeCloseTo(1, 4);
    expect(cosine('mug-red', 'mug-blue')).toBeGreaterThan(cosine('mug-red', 'chair-blue'));
  });

  it('exports rows in order of popularity, the first group a prefix of the whole table', () => {
    const { firstTensors, first, parts } = exportEncoders(models);
    expect(first.products.sku).toEqual(models.catalogue.products.map(({ sku }) => sku));
    expect(firstTensors.products!.shape).toEqual([24, 64]);
    expect(parts).toEqual(['text', 'items', 'session', 'recommend', 'search', 'classify']);
    const { touches } = models.catalogue;
    expect([...touches]).toEqual([...touches].sort((a, b) => b - a));
  });

  it('publishes text vectors only where judged queries speak for meaning beside words', () => {
    const places = (meaning: number) => {
      const search = { ...models.search!, ranker: { meaning, popularity: 0 } };
      const { files, trainer } = exportEncoders({ ...models, search });
      const published = readTensors(files.find(({ role }) => role === 'products')!.bytes, 'products');
      return [published, readTensors(trainer[TEXT_TABLE_FILE] ?? writeTensors({}), TEXT_TABLE_FILE)].map(
        ({ text }) => text?.shape,
      );
    };
    expect(places(0)).toEqual([undefined, [24, 64]]);
    expect(places(0.3)).toEqual([[24, 64], undefined]);
  });
});

describe('trainEncoders on little', () => {
  const train = (dataset: Parameters<typeof trainEncoders>[0]) =>
    trainEncoders(dataset, smallTraining('little'));

  it('trains on ids in an order alone', async () => {
    const events = ringDataset(40).events.map(({ ts: _, ...event }) => event);
    const models = await train({ products: [], events, pairs: [] });
    expect(models.text).toBeUndefined();
    expect(models.classifier).toBeUndefined();
    expect(models.session).toBeDefined();
    expect(models.catalogue.products).toHaveLength(24);
    expect(exportEncoders(models).parts).toEqual(['items', 'session', 'recommend', 'search']);
  }, 60_000);

  it('serves one product without training a session encoder', async () => {
    const models = await train({ products: ringProducts.slice(0, 1), events: [], pairs: [] });
    expect(models.session).toBeUndefined();
    expect(models.recommend!.popularity).toHaveLength(1);
    expect(exportEncoders(models).files.map(({ role }) => role)).toContain('products');
  }, 60_000);

  it('gives an empty catalogue no rows and no parts', async () => {
    const models = await train({ products: [], events: [], pairs: [] });
    expect(models.vectors).toHaveLength(0);
    expect(exportEncoders(models).parts.filter((part) => part !== 'search')).toEqual([]);
  });

  it('trains what was asked for alone', async () => {
    const options = { ...smallTraining('only'), only: ['search' as const] };
    const models = await trainEncoders(ringDataset(10), options);
    expect(models.text).toBeUndefined();
    expect(models.session).toBeUndefined();
    expect(models.search!.products).toBe(24);
  });

  it('ends at once with what it has where no time is left', async () => {
    const options = { ...smallTraining('late'), deadline: () => 0 };
    const models = await trainEncoders(ringDataset(20), options);
    expect(models.session!.report.steps).toBeLessThan(5);
    expect(models.recommend).toBeDefined();
  }, 60_000);
});
