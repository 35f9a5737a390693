import { describe, expect, it } from 'vitest';
import { TEXT_ENCODER, textEncoderShapes } from '../../../shared/models/text-encoder.ts';
import { seeded } from '../../../shared/random.ts';
import { type Tensors, writeTensors } from '../../../shared/tensors.ts';
import { earlierText } from '../../../trainer-server/encoders/earlier.ts';
import {
  type TokenizerFile,
  trainTokenizer,
  vocabularySize,
} from '../../../trainer-server/encoders/tokenizer.ts';
import { initialParameters } from '../../../trainer-server/encoders/transformer.ts';
import type { Bundle } from '../../../trainer-server/release/bundle.ts';

const tokenizer = trainTokenizer(['red mug', 'blue mug'], { vocabulary: 262 });
const config = { ...TEXT_ENCODER, layers: 1, width: 8, inner: 8, vocabulary: vocabularySize(tokenizer) };
const tensors = initialParameters(textEncoderShapes(config), 1, seeded('earlier'));

/** A release that holds these files and nothing else. */
const release = (weights: Tensors, words: TokenizerFile = tokenizer): Bundle => {
  const json = new TextEncoder().encode(JSON.stringify(words));
  return {
    trainerFile: async () => writeTensors(weights),
    bytes: async () => json,
    catalogue: async () => ({ products: {}, text: config }),
  } as unknown as Bundle;
};

describe('the text encoder of an earlier release', () => {
  it('is read whole', async () => {
    const earlier = await earlierText(release(tensors));
    expect(Object.keys(earlier!.text.parameters)).toEqual(Object.keys(textEncoderShapes(config)));
  });

  it('is refused where a tensor is missing, of another shape, or one more, by its name', async () => {
    const { 'text.l0.ff1.w': matrix, ...without } = tensors;
    await expect(earlierText(release(without))).rejects.toThrow(/text\.safetensors, text\.l0\.ff1\.w.*none/);
    const turned = { ...tensors, 'text.l0.ff1.w': { ...matrix!, shape: [4, 16] } };
    await expect(earlierText(release(turned))).rejects.toThrow(/text\.l0\.ff1\.w.*\[8,8\].*\[4,16\]/);
    const more = { ...tensors, 'text.l1.ff1.w': matrix! };
    await expect(earlierText(release(more))).rejects.toThrow(/text\.l1\.ff1\.w/);
    const narrow = { ...tensors, 'text.project': { shape: [8, 16], data: new Float32Array(128) } };
    await expect(earlierText(release(narrow))).rejects.toThrow(/text\.project.*\[8,64\].*\[8,16\]/);
  });

  it('is refused with the tokenizer of another model', async () => {
    const other = trainTokenizer(['a quite different shop sells tea', 'tea, green tea'], { vocabulary: 280 });
    await expect(earlierText(release(tensors, other))).rejects.toThrow(/the 262 tokens of the text encoder/);
  });
});
