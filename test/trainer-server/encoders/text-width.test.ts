import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { productText } from '../../../shared/features/profile-text.ts';
import { TEXT_ENCODER } from '../../../shared/models/text-encoder.ts';
import { earlierText, savedText, saveText } from '../../../trainer-server/encoders/earlier.ts';
import { trainEncoders } from '../../../trainer-server/encoders/index.ts';
import { encodeTexts, textOnnx } from '../../../trainer-server/encoders/text-export.ts';
import { narrowedText, trainedText } from '../../../trainer-server/encoders/text-width.ts';
import { openTokenizer } from '../../../trainer-server/encoders/tokenizer.ts';
import { openSession } from '../../../trainer-server/graph/index.ts';
import { openBundle } from '../../../trainer-server/release/bundle.ts';
import type { Checkpoints } from '../../../trainer-server/training-options.ts';
import { writeEncoderBundle } from '../../helpers/encoder-bundle.ts';
import { ringDataset, smallTraining } from '../../helpers/ring-shop.ts';

it('keeps the first columns of a projection, and all where there are fewer', () => {
  const config = { ...TEXT_ENCODER, width: 2, vocabulary: 4, vectorWidth: 3 };
  const project = { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) };
  const cut = narrowedText({ config, parameters: { 'text.project': project } }, 2);
  expect(cut.config.vectorWidth).toBe(2);
  expect(cut.parameters['text.project']).toEqual({ shape: [2, 2], data: Float32Array.of(1, 2, 4, 5) });
  expect(narrowedText({ config, parameters: { 'text.project': project } }, 8).config.vectorWidth).toBe(3);
});

it('a release carries the head of the vectors that were trained, and the next training starts from them whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'widths-'));
  try {
    const small = smallTraining('widths');
    const contrastive = { ...small.text!.contrastive, steps: { least: 2, most: 2 } };
    const options = { ...small, only: ['text' as const], text: { ...small.text!, contrastive } };
    const models = await trainEncoders(ringDataset(20), options);
    const { config, parameters } = trainedText(models.text!);
    expect([models.text!.config.vectorWidth, config.vectorWidth]).toEqual([64, 128]);
    const session = await openSession(textOnnx(parameters, config));
    const texts = models.catalogue.products.map(productText);
    const whole = await encodeTexts(session, config, openTokenizer(models.tokenizer!), texts);
    await session.close();
    const head = whole.subarray(0, 64);
    models.textVectors!.subarray(0, 64).forEach((x, i) => {
      expect(x).toBeCloseTo(head[i]! / Math.hypot(...head), 4);
    });

    await writeEncoderBundle(join(folder, 'bundle'), models);
    const bundle = await openBundle(join(folder, 'bundle'));
    expect((await bundle.catalogue())!.text!.vectorWidth).toBe(64);
    expect((await bundle.tensors('text-tensors'))!['text.project']!.shape).toEqual([128, 64]);
    expect((await earlierText(bundle))!.text).toEqual({ config, parameters });
    const again = await trainEncoders(ringDataset(20), { ...options, from: bundle });
    expect(again.text!.projection.shape).toEqual([128, 128]);

    const kept = new Map<string, Uint8Array>();
    const checkpoints: Checkpoints = {
      load: async (name) => kept.get(name),
      save: async (name, bytes) => void kept.set(name, bytes),
    };
    await saveText(models.tokenizer!, models.text!, { checkpoints });
    expect((await savedText({ checkpoints }))!.text).toEqual(models.text);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
