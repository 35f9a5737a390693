/** The text encoder on the small kernels, in a memory of its own: an engine's `encodeText`, once the idle group is here. */

import type { Engine } from '../engine.ts';
import type { TextEncoderConfig } from '../models/text-encoder.ts';
import type { Tensors } from '../tensors.ts';
import { type IntegerModules, instantiateIntegerKernels } from './integer-kernels.ts';
import { loadTextKernel } from './text-kernel.ts';

/**
 * @param modules of compileIntegerKernels(); they may serve several encoders
 * @throws BadInput for sizes beyond the limits or tensors that do not fit them
 */
export async function textEngine(
  config: TextEncoderConfig,
  tensors: Tensors,
  modules: IntegerModules,
): Promise<Required<Pick<Engine, 'encodeText'>>> {
  const kernel = loadTextKernel(await instantiateIntegerKernels(modules), config, tensors);
  return { encodeText: async (tokens) => kernel.encode(tokens) };
}
