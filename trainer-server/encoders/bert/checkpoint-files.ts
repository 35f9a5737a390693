/** A BERT encoder as the folder that publishers give: what `openBert` opens, and other programs do. */

import { writeTensors } from '../../../shared/tensors.ts';
import type { Pooling } from './bert-network.ts';
import { publishedTensors } from './bert-parameters.ts';
import type { Bert } from './open-bert.ts';

/** Its pooling is told where sentence-transformers looks for it. */
export function checkpointFiles(
  { config, parameters, files }: Bert,
  pooling: Pooling,
): Record<string, Uint8Array> {
  const first = pooling === 'first';
  return {
    // Adapters widen the layers; half precision was widened when it was read.
    'config.json': json({ ...files.config, intermediate_size: config.inner, torch_dtype: 'float32' }),
    'tokenizer.json': json(files.tokenizer),
    '1_Pooling/config.json': json({
      word_embedding_dimension: config.width,
      pooling_mode_cls_token: first,
      pooling_mode_mean_tokens: !first,
    }),
    // The transformers library refuses a file that does not say which framework's it is.
    'model.safetensors': writeTensors(publishedTensors(parameters, config), { format: 'pt' }),
  };
}

const json = (value: object): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
