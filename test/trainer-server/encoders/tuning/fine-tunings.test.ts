import { describe, expect, it } from 'vitest';
import { TEXT_ENCODER, textEncoderShapes } from '../../../../shared/models/text-encoder.ts';
import { seeded } from '../../../../shared/random.ts';
import { textStates, textVectors } from '../../../../trainer-server/encoders/text-network.ts';
import { openTokenizer, trainTokenizer } from '../../../../trainer-server/encoders/tokenizer.ts';
import { initialParameters } from '../../../../trainer-server/encoders/transformer.ts';
import {
  type TextWeights,
  trainedShare,
  tuned,
} from '../../../../trainer-server/encoders/tuning/fine-tuning.ts';
import { FINE_TUNINGS, fineTuningOf } from '../../../../trainer-server/encoders/tuning/index.ts';
import { mean, type Program, square, startTraining, sub } from '../../../../trainer-server/graph/index.ts';

const CONFIG = {
  ...TEXT_ENCODER,
  layers: 2,
  width: 16,
  heads: 2,
  inner: 24,
  length: 10,
  vectorWidth: 8,
  vocabulary: 300,
};
const [BATCH, TIME] = [6, 10];

const base = (): TextWeights => ({
  config: CONFIG,
  parameters: initialParameters(textEncoderShapes(CONFIG), CONFIG.layers, seeded('base')),
});

/** How far the vectors of some texts are from those wanted. */
const program = ({ config, parameters }: TextWeights): Program => ({
  parameters,
  inputs: {
    tokens: { dtype: 'i32', shape: [BATCH, TIME] },
    length: { dtype: 'i32', shape: [BATCH] },
    wanted: { dtype: 'f32', shape: [BATCH, config.vectorWidth] },
  },
  loss(_, p, x) {
    const states = textStates(p, x.tokens!, x.length!, config);
    return { loss: mean(square(sub(textVectors(p, states, x.tokens!, x.length!), x.wanted!))) };
  },
  optimiser: { weightDecay: 0 },
});

/** The same texts, the way `extended` weights want them told: whatever the tokenizer puts before them first. */
function feeds({ config }: TextWeights): Record<string, Int32Array | Float32Array> {
  const random = seeded('feeds');
  const before = config.vocabulary - CONFIG.vocabulary;
  const tokens = Array.from({ length: BATCH }, () => [
    1,
    ...Array.from({ length: before }, (_, i) => CONFIG.vocabulary + i),
    ...Array.from({ length: TIME - 1 - before }, () => 4 + random.int(CONFIG.vocabulary - 4)),
  ]);
  return {
    tokens: Int32Array.from(tokens.flat()),
    length: new Int32Array(BATCH).fill(TIME),
    wanted: Float32Array.from({ length: BATCH * CONFIG.vectorWidth }, () => random.normal()),
  };
}

const METHODS = { lora: 'lora:2', adaptive: 'adaptive:1', adapters: 'adapters:8', prefix: 'prefix:3' };

describe('every way of fine-tuning', () => {
  it('is tried here', () => {
    expect(Object.keys(METHODS)).toEqual(Object.keys(FINE_TUNINGS));
  });

  for (const [name, method] of Object.entries(METHODS)) {
    it(`${name}: learns by a small share of the values, leaves the others, and merges into a plain network`, async () => {
      const tuning = fineTuningOf(method);
      const start = tuning.extended(base(), seeded('extended'));
      expect(trainedShare(start.parameters, tuning)).toBeLessThan(0.25);
      const training = await startTraining(tuned(program(start), tuning));
      try {
        const asked = feeds(start);
        const { loss: first } = await training.evaluate(asked);
        for (let step = 0; step < 30; step++) await training.step(asked, 0.02);
        const { loss: learned } = await training.evaluate(asked);
        expect(learned).toBeLessThan(0.95 * first);
        const after = await training.parameters();
        for (const [each, { data }] of Object.entries(start.parameters))
          if (!tuning.trains(each)) expect([...after[each]!.data], each).toEqual([...data]);

        const merged = tuning.merged({ config: start.config, parameters: after });
        const shapes = Object.entries(merged.parameters).map(([each, { shape }]) => [each, [...shape]]);
        expect(Object.fromEntries(shapes)).toEqual(textEncoderShapes(merged.config));
        const plain = await startTraining(program(merged));
        expect((await plain.evaluate(asked)).loss).toBeCloseTo(learned, 4);
        await plain.close();
      } finally {
        await training.close();
      }
    }, 30_000);
  }

  it('changes nothing before it has learned, but for the prefix', async () => {
    const losses = await Promise.all(
      ['lora:2', 'adaptive:1', 'adapters:8'].map(async (method) => {
        const tuning = fineTuningOf(method);
        const start = tuning.extended(base(), seeded('extended'));
        const training = await startTraining(tuned(program(start), tuning));
        const { loss } = await training.evaluate(feeds(start));
        await training.close();
        return loss;
      }),
    );
    const plain = await startTraining(program(base()));
    const { loss } = await plain.evaluate(feeds(base()));
    await plain.close();
    for (const each of losses) expect(each).toBeCloseTo(loss, 5);
  }, 30_000);
});

describe('low-rank adaptation', () => {
  it('costs rank x (in + out) values beside each projection', () => {
    const tuning = fineTuningOf('lora:2');
    const { parameters } = tuning.extended(base(), seeded('extended'));
    // qkv 16 x 48, out 16 x 16, ff1 16 x 24, ff2 24 x 16 in two layers, and the projection 16 x 8.
    const trained = 2 * (2 * (64 + 32 + 40 + 40) + 24);
    const plain = Object.values(base().parameters).reduce((n, { data }) => n + data.length, 0);
    expect(trainedShare(parameters, tuning)).toBeCloseTo(trained / plain, 9);
  });

  it('of adaptive rank keeps the terms that are largest over all matrices, and their product', () => {
    const tuning = fineTuningOf('adaptive:1');
    const one = (name: string, rank: number, values: readonly number[], axis: 0 | 1) => ({
      [name]: {
        shape: axis === 0 ? [rank, 1] : [1, rank],
        data: Float32Array.from(values),
      },
    });
    const narrow = tuning.narrowed!({
      ...one('x.ff1.w', 1, [5], 1),
      ...one('x.ff1.w.lora.a', 2, [3, 2], 1),
      ...one('x.ff1.w.lora.b', 2, [1, 4], 0),
      ...one('x.ff2.w', 1, [5], 1),
      ...one('x.ff2.w.lora.a', 2, [1, 1], 1),
      ...one('x.ff2.w.lora.b', 2, [0.5, 0.1], 0),
    });
    // Terms of 3, 8, 0.5 and 0.1: a budget of two leaves both of the first matrix and none of the second.
    expect(Object.keys(narrow).sort()).toEqual(['x.ff1.w', 'x.ff1.w.lora.a', 'x.ff1.w.lora.b', 'x.ff2.w']);
    expect([...narrow['x.ff1.w.lora.a']!.data]).toEqual([2, 3]);
    expect([...narrow['x.ff1.w.lora.b']!.data]).toEqual([4, 1]);
  });
});

describe('prefix tuning', () => {
  const file = trainTokenizer(['red mug', 'blue mug'], { vocabulary: 300 });

  it('puts its tokens after <cls> of every text, and reads none out of a text', () => {
    const tuning = fineTuningOf('prefix:3');
    const size = Object.keys(file.model.vocab).length;
    const [plain, prefixed] = [file, tuning.tokenizer!(file)].map((each) => openTokenizer(each));
    const { ids } = plain!.encode('red mug');
    expect(prefixed!.encode('red mug').ids).toEqual([ids[0], size, size + 1, size + 2, ...ids.slice(1)]);
    const again = openTokenizer(tuning.tokenizer!(tuning.tokenizer!(file)));
    expect(again.encode('red mug').ids).toHaveLength(ids.length + 6);
  });
});

describe('the name of a way of fine-tuning', () => {
  it('takes a size within bounds, and says what it knows', () => {
    expect(() => fineTuningOf('magic')).toThrow(/lora, adaptive, adapters, prefix/);
    expect(() => fineTuningOf('lora:0')).toThrow(/a whole number up to 64 \(rank\)/);
    expect(() => fineTuningOf('adapters:12')).toThrow(/a multiple of 8/);
    expect(() => fineTuningOf('constructor')).toThrow(/lora/);
  });
});
