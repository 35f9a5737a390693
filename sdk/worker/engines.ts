/** Which engine decides at once. */

import type { Engine } from '../../shared/engine.ts';
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
  spare ??= compiling.then((modules) => modules && instantiateKernels(modules));
  return compiling;
}

/**
 * Tier 0: the small kernels, or plain JavaScript, which is the helper's: few browsers need its code.
 * @throws BadInput where the release's tensors do not fit their sizes: no engine could run them
 */
export async function openEngine({ meta, tensors, release }: Model, helper: Helper): Promise<Engine> {
  const modules = await compiled();
  if (modules === undefined) return (await helper.engine(release, 'js'))!;
  const kernels = await spare;
  spare = Promise.resolve(undefined);
  return kernels ? engineOn(kernels, meta, tensors) : engineFromFirst(meta, tensors, modules);
}
