import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bertStates } from '../../../trainer-server/encoders/bert/bert-network.ts';
import { openBert } from '../../../trainer-server/encoders/bert/open-bert.ts';
import { openTeacher } from '../../../trainer-server/encoders/teacher/open-teacher.ts';
import { cast, inferenceModel, sum } from '../../../trainer-server/graph/index.ts';

/** The reference implementation's hidden states of a tiny random BERT; test/cases/bert/make_case.py made it. */
const CASE = join(import.meta.dirname, '../../cases/bert');

interface Golden {
  text: string;
  ids: number[];
  /** [tokens * width]. */
  states: number[];
}

let root: string;
let golden: Golden[];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'teacher-'));
  golden = JSON.parse(await readFile(join(CASE, 'expected.json'), 'utf8')) as Golden[];
  await onnxCopy(join(root, 'onnx-model'));
});
afterAll(() => rm(root, { recursive: true }));

/** The same model as its publishers would export it to ONNX. */
async function onnxCopy(folder: string): Promise<void> {
  const { config, parameters } = await openBert(CASE);
  const ids = { dtype: 'i64', shape: ['batch', 'time'] } as const;
  const model = inferenceModel({
    inputs: { input_ids: ids, attention_mask: ids },
    parameters,
    build: (_, p, x) => {
      const length = cast(sum(cast(x.attention_mask!, 'f32'), { axes: [1] }), 'i32');
      return { last_hidden_state: bertStates(p, cast(x.input_ids!, 'i32'), length, config) };
    },
  });
  await mkdir(join(folder, 'onnx'), { recursive: true });
  await writeFile(join(folder, 'onnx/model.onnx'), model);
  for (const file of ['config.json', 'tokenizer.json']) await copyFile(join(CASE, file), join(folder, file));
  const tokenizer = { tokenizer_class: 'BertTokenizer', model_max_length: 20, pad_token: '[PAD]' };
  await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify(tokenizer));
}

/** What the reference's states say a text's unit vector is. */
function expected({ ids, states }: Golden, pooling: 'first' | 'mean'): number[] {
  const width = states.length / ids.length;
  const rows = pooling === 'first' ? 1 : ids.length;
  const sums = Array.from({ length: width }, (_, w) => {
    let total = 0;
    for (let t = 0; t < rows; t++) total += states[t * width + w]!;
    return total;
  });
  const length = Math.hypot(...sums);
  return sums.map((x) => x / length);
}

async function agrees(folder: string, pooling: 'first' | 'mean'): Promise<void> {
  const teacher = await openTeacher(folder);
  const vectors = await teacher.encode(golden.map(({ text }) => text));
  const wanted = golden.flatMap((one) => expected(one, pooling));
  expect(teacher.width).toBe(24);
  expect(vectors).toHaveLength(wanted.length);
  for (const [i, x] of wanted.entries()) expect(Math.abs(vectors[i]! - x)).toBeLessThan(1e-4);
  await teacher.close();
}

describe('a published text model', () => {
  it('gives the mean of the reference states, from safetensors and from ONNX by Transformers.js', async () => {
    await agrees(CASE, 'mean');
    await agrees(join(root, 'onnx-model'), 'mean');
  });

  it('gives the first state where the note beside it says so', async () => {
    const note = JSON.stringify({ pooling_mode_cls_token: true, pooling_mode_mean_tokens: false });
    for (const [name, from] of [
      ['first', CASE],
      ['first-onnx', join(root, 'onnx-model')],
    ] as const) {
      await copyFolder(from, join(root, name));
      await mkdir(join(root, name, '1_Pooling'));
      await writeFile(join(root, name, '1_Pooling/config.json'), note);
      await agrees(join(root, name), 'first');
    }
  });

  it('is downloaded once, by its name, and read from the copy afterwards', async () => {
    const asked: string[] = [];
    const hub = {
      cache: join(root, 'hub'),
      fetch: (async (url: string) => {
        const file = url.replace('https://huggingface.co/shop/tiny/resolve/main/', '');
        asked.push(file);
        const bytes = await readFile(join(root, 'onnx-model', file)).catch(() => undefined);
        return new Response(bytes, { status: bytes === undefined ? 404 : 200 });
      }) as typeof fetch,
    };
    const texts = ['a blue mug'];
    const first = await openTeacher('shop/tiny', hub);
    const vector = await first.encode(texts);
    await first.close();
    expect(asked).toContain('onnx/model.onnx');
    const before = asked.length;
    const again = await openTeacher('shop/tiny', hub);
    expect(await again.encode(texts)).toEqual(vector);
    await again.close();
    expect(asked).toHaveLength(before);
    expect(await readdir(join(root, 'hub/shop/tiny'))).not.toContain('model.safetensors');
  });

  it('is refused, in words, without weights, with a broken file, and where nothing has its name', async () => {
    await copyFolder(join(root, 'onnx-model'), join(root, 'bare'));
    await rm(join(root, 'bare/onnx'), { recursive: true });
    await expect(openTeacher(join(root, 'bare'))).rejects.toThrow(/model\.safetensors of a BERT, or onnx/);
    await copyFolder(join(root, 'onnx-model'), join(root, 'broken'));
    await writeFile(join(root, 'broken/onnx/model.onnx'), 'not a model');
    await expect(openTeacher(join(root, 'broken'))).rejects.toThrow(/a model that Transformers.js opens/);
    await expect(openTeacher('no-such-folder')).rejects.toThrow(/a folder, or OWNER\/MODEL/);
    const nobody = { cache: root, fetch: (async () => new Response(null, { status: 404 })) as typeof fetch };
    await expect(openTeacher('no/model', nobody)).rejects.toThrow(/no\/model\/config\.json/);
  });
});

async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const paths = [join(from, entry.name), join(to, entry.name)] as const;
    await (entry.isDirectory() ? copyFolder(...paths) : copyFile(...paths));
  }
}
