import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTensors } from '../../../shared/tensors.ts';
import { readBertConfig } from '../../../trainer-server/encoders/bert/bert-config.ts';
import { bertParameters } from '../../../trainer-server/encoders/bert/bert-parameters.ts';
import { bertTokens, encodeWithBert } from '../../../trainer-server/encoders/bert/encode-with-bert.ts';
import { type Bert, openBert, openBertSession } from '../../../trainer-server/encoders/bert/open-bert.ts';
import { readCheckpoint } from '../../../trainer-server/encoders/bert/read-checkpoint.ts';
import type { Session } from '../../../trainer-server/graph/index.ts';

/** Made by make_case.py beside it, with PyTorch and transformers. */
const CASE = join(import.meta.dirname, '../../cases/bert');

interface Golden {
  text: string;
  ids: number[];
  /** [tokens * width]. */
  states: number[];
}

let bert: Bert;
let session: Session;
let golden: Golden[];

beforeAll(async () => {
  bert = await openBert(CASE);
  session = await openBertSession(bert);
  golden = JSON.parse(await readFile(join(CASE, 'expected.json'), 'utf8')) as Golden[];
});
afterAll(() => session?.close());

describe('a published BERT', () => {
  it('reads texts as the reference tokenizer does', () => {
    for (const { text, ids } of golden) expect([...bertTokens(bert, text, 20)]).toEqual(ids);
  });

  it('has the hidden states of the reference implementation, within 1e-4', async () => {
    for (const { ids, states } of golden) {
      const found = await session.run({
        tokens: { shape: [1, ids.length], data: Int32Array.from(ids) },
        length: { shape: [1], data: Int32Array.of(ids.length) },
      });
      const worst = states.reduce((most, x, i) => Math.max(most, Math.abs(x - found.states!.data[i]!)), 0);
      expect(worst).toBeLessThan(1e-4);
    }
  });

  it('gives the mean of the states at unit length, whatever stands beside a text in the batch', async () => {
    const vectors = await encodeWithBert(
      bert,
      golden.map(({ text }) => text),
      session,
      128,
    );
    const { width } = bert.config;
    golden.forEach(({ ids, states }, i) => {
      const mean = Array.from({ length: width }, (_, w) =>
        ids.reduce((sum, _, t) => sum + states[t * width + w]! / ids.length, 0),
      );
      const length = Math.hypot(...mean);
      for (const [w, x] of mean.entries()) expect(vectors[i * width + w]).toBeCloseTo(x / length, 4);
    });
  });

  it('keeps the last token of a text that is cut', () => {
    const { ids } = golden[1]!;
    expect([...bertTokens(bert, golden[1]!.text, 4)]).toEqual([...ids.slice(0, 3), ids.at(-1)]);
  });
});

describe('a checkpoint that does not hold', () => {
  const files = async () => ({
    config: readBertConfig(JSON.parse(await readFile(join(CASE, 'config.json'), 'utf8'))),
    tensors: readCheckpoint(await readFile(join(CASE, 'model.safetensors'))),
  });

  it('is refused where a tensor is missing, unknown, or of another shape', async () => {
    const { config, tensors } = await files();
    const { 'encoder.layer.1.output.dense.bias': _, ...without } = tensors;
    expect(() => bertParameters(without, config)).toThrow(/encoder\.layer\.1\.output\.dense\.bias/);
    const more = { ...tensors, 'encoder.layer.3.output.dense.bias': tensors['embeddings.LayerNorm.bias']! };
    expect(() => bertParameters(more, config)).toThrow(/encoder\.layer\.3/);
    expect(() => bertParameters(tensors, { ...config, inner: 48 })).toThrow(/\[48,24\]/);
  });

  it('is refused with the tokenizer of another model: too many tokens, or far too few', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bert-'));
    try {
      for (const file of ['tokenizer.json', 'model.safetensors'])
        await copyFile(join(CASE, file), join(folder, file));
      const raw = JSON.parse(await readFile(join(CASE, 'config.json'), 'utf8')) as { vocab_size: number };
      for (const vocab_size of [raw.vocab_size - 1, raw.vocab_size + 2000]) {
        await writeFile(join(folder, 'config.json'), JSON.stringify({ ...raw, vocab_size }));
        await expect(openBert(folder)).rejects.toThrow(/tokenizer\.json, model\.vocab/);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is refused where it is of another architecture', async () => {
    const raw = JSON.parse(await readFile(join(CASE, 'config.json'), 'utf8')) as Record<string, unknown>;
    expect(() => readBertConfig({ ...raw, model_type: 'roberta' })).toThrow(/model_type/);
    expect(() => readBertConfig({ ...raw, num_attention_heads: 5 })).toThrow(/divisor of hidden_size 24/);
    expect(() => readBertConfig({ ...raw, position_embedding_type: 'relative_key' })).toThrow(/position/);
  });

  it('is read at half precision and with names of another prefix', () => {
    // 1.5, -2 and the smallest subnormal of binary16; 1 and -2 of bfloat16.
    const header = {
      half: { dtype: 'F16', shape: [3], data_offsets: [0, 6] },
      brain: { dtype: 'BF16', shape: [2], data_offsets: [6, 10] },
      places: { dtype: 'I64', shape: [1], data_offsets: [10, 18] },
    };
    const json = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + 18);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    bytes.set(new Uint8Array(Uint16Array.of(0x3e00, 0xc000, 1, 0x3f80, 0xc000).buffer), 8 + json.length);
    const read = readCheckpoint(bytes);
    expect([...read.half!.data]).toEqual([1.5, -2, 2 ** -24]);
    expect([...read.brain!.data]).toEqual([1, -2]);
    expect(read.places).toBeUndefined();
    expect(() => readCheckpoint(writeTensors({}))).toThrow(/tensors/);
  });
});

const MINILM = process.env.PROMO_EDGE_MINILM ?? '';

/** First and last eight values of the reference's states (make_case.py's library and version), in minilm.json. */
describe.skipIf(MINILM === '')('all-MiniLM-L6-v2 (PROMO_EDGE_MINILM names its folder)', () => {
  it('has the tokens, states and sentence vectors of the reference implementation', async () => {
    const minilm = await openBert(MINILM);
    const opened = await openBertSession(minilm);
    const cases = JSON.parse(await readFile(join(CASE, 'minilm.json'), 'utf8')) as {
      text: string;
      ids: number[];
      first: number[];
      last: number[];
      vector: number[];
    }[];
    for (const { text, ids, first, last, vector } of cases) {
      expect([...bertTokens(minilm, text, 128)]).toEqual(ids);
      const found = await opened.run({
        tokens: { shape: [1, ids.length], data: Int32Array.from(ids) },
        length: { shape: [1], data: Int32Array.of(ids.length) },
      });
      const states = found.states!.data;
      for (const [i, x] of first.entries()) expect(Math.abs(states[i]! - x)).toBeLessThan(1e-4);
      for (const [i, x] of last.entries())
        expect(Math.abs(states[states.length - last.length + i]! - x)).toBeLessThan(1e-4);
      for (const [i, x] of vector.entries()) expect(Math.abs(found.vector!.data[i]! - x)).toBeLessThan(1e-4);
    }
    await opened.close();
  });
});
