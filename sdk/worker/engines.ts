/** Which engine decides at once. */

import type { Engine } from '../../shared/engine.ts';
import { BadInput } from '../../shared/errors.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { engineFromFirst, engineOn } from '../../shared/kernels/kernel-engine.ts';
import { instantiateKernels, type KernelModules, type Kernels } from '../../shared/kernels/kernels.ts';
import type { Model } from '../model.ts';
import type { Helper } from './helper.ts';

let compiling: Promise<KernelModules | undefined> | undefined;
/** For the first engine: what can be made ready before the release is here. */
let spare: Promise<Kernels | undefined> | undefined;

/** Compiles the kernels, while the release is still on its way; undefined where no WebAssembly is allowed. */
export function compiled(): Promise<KernelModules | undefined> {
  compiling ??= compileKernels().catch(() => undefined);
  spare ??= compiling.then((modules) => modules && instantiateKernels(modules)).catch(() => undefined);
  return compiling;
}

/**
 * Tier 0: the small kernels, or plain JavaScript, which is the helper's: few browsers need its code.
 * @throws BadInput where the release's tensors do not fit their sizes: no engine could run them
 */
export async function openEngine({ meta, tensors, release }: Model, helper: Helper): Promise<Engine> {
  const modules = await compiled();
  const kernels = await spare;
  spare = undefined;
  try {
    if (kernels) return engineOn(kernels, meta, tensors);
    if (modules) return await engineFromFirst(meta, tensors, modules);
  } catch (error) {
    // Else the device has no room for WebAssembly's memory, which is no fault of the release.
    if (error instanceof BadInput) throw error;
  }
  return (await helper.engine(release, 'js'))!;
}
