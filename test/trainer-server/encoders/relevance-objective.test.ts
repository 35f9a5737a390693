import { describe, expect, it } from 'vitest';
import { TEXT_ENCODER, textEncoderShapes } from '../../../shared/models/text-encoder.ts';
import type { Product } from '../../../shared/product.ts';
import { seeded } from '../../../shared/random.ts';
import type { Judgement } from '../../../trainer-server/dataset/rows.ts';
import {
  relevanceBatches,
  relevanceLabels,
  relevanceProgram,
  taughtQueries,
} from '../../../trainer-server/encoders/relevance-objective.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { TEXT_TRAINING } from '../../../trainer-server/encoders/text-options.ts';
import { openTokenizer, trainTokenizer, vocabularySize } from '../../../trainer-server/encoders/tokenizer.ts';
import { initialParameters } from '../../../trainer-server/encoders/transformer.ts';
import { openSession, startTraining } from '../../../trainer-server/graph/index.ts';

const WISHES = ['warm', 'bright', 'soft'];
const THINGS = ['stove', 'lamp', 'cushion'];
const SHADES = ['red', 'blue', 'green', 'white', 'black', 'grey', 'gold', 'teal', 'pink', 'brown'];
/** What answers a wish shares no word with it. */
const products: Product[] = THINGS.flatMap((thing) =>
  SHADES.map((shade) => ({ sku: `${thing} ${shade}`, title: `${shade} ${thing}`, category: [] })),
);
const judgements: Judgement[] = WISHES.flatMap((wish, w) =>
  SHADES.flatMap((shade) =>
    THINGS.map((thing, t) => ({
      query: `${wish} ${shade}`,
      sku: `${thing} ${shade}`,
      grade: t === w ? 3 : 0,
    })),
  ),
);
const all = new Set(judgements.map(({ query }) => query));

const file = trainTokenizer(
  Array.from({ length: 9 }, () => [...WISHES, ...THINGS, ...SHADES].join(' ')),
  { vocabulary: 400 },
);
const tokenizer = openTokenizer(file);
const config = {
  ...TEXT_ENCODER,
  ...{
    layers: 1,
    width: 32,
    heads: 2,
    inner: 32,
    length: 8,
    vectorWidth: 64,
    vocabulary: vocabularySize(file),
  },
};
const parameters = initialParameters(textEncoderShapes(config), 1, seeded('relevance'));

describe('the queries that teach', () => {
  it('are about half, the same ones whatever else is judged', () => {
    const many = Array.from({ length: 400 }, (_, i) => ({ query: `q ${i}`, sku: 'a', grade: 1 }));
    const taught = taughtQueries(many);
    // Four standard deviations of a fair coin.
    expect(Math.abs(taught.size - 200)).toBeLessThan(40);
    expect([...taughtQueries(many.slice(0, 50))].every((query) => taught.has(query))).toBe(true);
  });

  it('leave the others alone, and are none where they are too few', () => {
    const taught = new Set([...all].slice(1));
    const labels = relevanceLabels(products, judgements, taught)!;
    expect(labels.queries.map(({ text }) => text)).toEqual([...taught]);
    expect(labels.others).toHaveLength(products.length);
    expect(relevanceLabels(products, judgements, new Set([...all].slice(0, 19)))).toBeUndefined();
    const hopeless = judgements.map((one) => ({ ...one, grade: 0 }));
    expect(relevanceLabels(products, hopeless, all)).toBeUndefined();
  });
});

describe('relevance as an objective', () => {
  it('starts at a guess between two products that say the same', async () => {
    const same = products.map((product) => ({ ...product, title: 'red stove' }));
    const labels = relevanceLabels(same, judgements, all)!;
    const training = await startTraining(relevanceProgram(parameters, config, 8, TEXT_TRAINING));
    const batches = relevanceBatches(labels, tokenizer, 8, seeded('batch'), TEXT_TRAINING);
    const { loss } = await training.evaluate(batches());
    await training.close();
    expect(loss).toBeCloseTo(Math.LN2, 4);
  });

  it('finds by queries that taught nothing what they have nothing in common with', async () => {
    const taught = new Set([...all].filter((query) => !query.endsWith('brown') && !query.endsWith('pink')));
    const labels = relevanceLabels(products, judgements, taught)!;
    const settings = { ...TEXT_TRAINING, dropout: 0 };
    const training = await startTraining(relevanceProgram(parameters, config, 8, settings));
    const batches = relevanceBatches(labels, tokenizer, 8, seeded('batch'), settings);
    for (let step = 0; step < 150; step++) await training.step(batches(), 3e-3);
    const learned = await training.parameters();
    await training.close();
    const session = await openSession(textOnnx(learned, config));
    const vectorsOf = (texts: string[]): Promise<Float32Array> =>
      encodeTexts(session, config, tokenizer, texts);
    for (const shade of ['brown', 'pink']) {
      const [queries, found] = [
        await vectorsOf(WISHES.map((wish) => `${wish} ${shade}`)),
        await vectorsOf(THINGS.map((thing) => `${shade} ${thing}`)),
      ];
      const cosine = (q: number, p: number): number =>
        Array.from({ length: 64 }, (_, i) => queries[64 * q + i]! * found[64 * p + i]!).reduce(
          (a, b) => a + b,
        );
      for (const q of WISHES.keys())
        for (const p of THINGS.keys()) if (p !== q) expect(cosine(q, q)).toBeGreaterThan(cosine(q, p));
    }
    await session.close();
  }, 60_000);
});
