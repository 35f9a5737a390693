/** Tier `kernels`: the small SIMD kernels, at once and always. */

import type { FirstMeta } from '../bundle.ts';
import type { Engine } from '../engine.ts';
import type { Tensors } from '../tensors.ts';
import { checkScore } from './check-input.ts';
import { loadHeadKernel } from './head-kernel.ts';
import { instantiateKernels, type KernelModules, type Kernels } from './kernels.ts';
import { loadSessionKernel } from './session-kernel.ts';

/** What an engine needs to know of first.json. */
export type EngineMeta = Pick<FirstMeta, 'session' | 'head'>;

/**
 * An engine for first.json and first.safetensors. Absent parts were not trained: without a session encoder states
 * are empty; without a Q head `score` throws.
 * @param modules of compileKernels(); they may serve several engines
 * @throws BadInput for sizes beyond the limits or tensors that do not fit them
 */
export async function engineFromFirst(
  meta: EngineMeta,
  tensors: Tensors,
  modules: KernelModules,
): Promise<Engine> {
  return engineOn(await instantiateKernels(modules), meta, tensors);
}

/** The same on kernels that stand ready; they serve one engine. @throws as engineFromFirst */
export function engineOn(kernels: Kernels, meta: EngineMeta, tensors: Tensors): Engine {
  const encode = meta.session && loadSessionKernel(kernels, meta.session, tensors);
  const score = meta.head && loadHeadKernel(kernels, meta.head, tensors);
  return {
    tier: 'kernels',
    encodeSession: async (input) => encode?.(input) ?? new Float32Array(0),
    async score(state, actions, count) {
      checkScore(meta.head, state, actions, count);
      return score!(state, actions, count);
    },
    dispose() {},
  };
}
