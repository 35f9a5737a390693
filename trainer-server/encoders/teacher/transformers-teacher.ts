/**
 * A model in ONNX form, of any architecture that Transformers.js knows (XLM-RoBERTa, MPNet, ModernBERT...): a folder with
 * `config.json`, `tokenizer.json`, `tokenizer_config.json` and `onnx/model.onnx`.
 */

import { basename, dirname, resolve } from 'node:path';
import type { Tensor } from '@huggingface/transformers';
import { BadInput } from '../../../shared/errors.ts';
import '../../onnx-runtime.ts';
import { poolingOf } from './model-folder.ts';
import { LONGEST, type Teacher } from './teacher.ts';

const BATCH = 32;

/** @throws BadInput */
export async function openTransformersTeacher(folder: string): Promise<Teacher> {
  // Large, and most commands never need it; and it loads ONNX Runtime, which has been silenced by the import above.
  const { AutoModel, AutoTokenizer, env, mean_pooling } = await import('@huggingface/transformers');
  // The library's only way to say where files are. It asks nobody for what is not there.
  Object.assign(env, {
    allowRemoteModels: false,
    useWasmCache: false,
    localModelPath: dirname(resolve(folder)),
  });
  const name = basename(resolve(folder));
  const [tokenizer, model, pooling] = await Promise.all([
    AutoTokenizer.from_pretrained(name),
    AutoModel.from_pretrained(name, { dtype: 'fp32', device: 'cpu' }),
    poolingOf(folder),
  ]).catch((error: Error) => {
    throw new BadInput({ file: folder }, 'a model that Transformers.js opens', error.message);
  });

  const vectorsOf = async (texts: string[]): Promise<Tensor> => {
    const inputs = tokenizer(texts, { padding: true, truncation: true, max_length: LONGEST });
    const { last_hidden_state: states } = (await model(inputs)) as { last_hidden_state?: Tensor };
    if (states === undefined)
      throw new BadInput({ file: folder }, 'an encoder, with the output last_hidden_state', 'none');
    const pooled = pooling === 'first' ? states.slice(null, 0) : mean_pooling(states, inputs.attention_mask);
    return pooled.normalize(2, -1);
  };
  const width = (await vectorsOf(['a'])).dims[1]!;
  return {
    width,
    async encode(texts) {
      const out = new Float32Array(texts.length * width);
      for (let from = 0; from < texts.length; from += BATCH) {
        const { data } = await vectorsOf(texts.slice(from, from + BATCH));
        out.set(data as Float32Array, from * width);
      }
      return out;
    },
    close: async () => void (await model.dispose()),
  };
}
