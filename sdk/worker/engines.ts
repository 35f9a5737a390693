/** Which engine decides at once. */

import type { Engine } from '../../shared/engine.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { KernelModules } from '../../shared/kernels/kernels.ts';
import type { Model } from '../model.ts';
import type { Helper } from './helper.ts';

let compiling: Promise<KernelModules | undefined> | undefined;

/** Compiles the kernels, while the release is still on its way; undefined where no WebAssembly is allowed. */
export function compiled(): Promise<KernelModules | undefined> {
  compiling ??= compileKernels().catch(() => undefined);
  return compiling;
}

/**
 * Tier 0: the small kernels, or plain JavaScript, which is the helper's: few browsers need its code.
 * @throws BadInput where the release's tensors do not fit their sizes: no engine could run them
 */
export async function openEngine({ meta, tensors, release }: Model, helper: Helper): Promise<Engine> {
  const modules = await compiled();
  if (modules !== undefined) return engineFromFirst(meta, tensors, modules);
  return (await helper.engine(release, 'js'))!;
}
