/** Which tier runs the networks. */

import type { Engine } from '../../shared/engine.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { KernelModules } from '../../shared/kernels/kernels.ts';
import type { Model } from './model.ts';

let compiling: Promise<KernelModules | undefined> | undefined;

/** Compiles the kernels, while the release is still on its way; undefined where no WebAssembly is allowed. */
export function compiled(): Promise<KernelModules | undefined> {
  compiling ??= compileKernels().catch(() => undefined);
  return compiling;
}

/**
 * Tier 0, at once: the small kernels, or plain JavaScript.
 * @throws BadInput where the release's tensors do not fit their sizes: no engine could run them
 */
export async function openEngine({ meta, tensors }: Model): Promise<Engine> {
  const modules = await compiled();
  return modules === undefined ? jsEngineFromFirst(meta, tensors) : engineFromFirst(meta, tensors, modules);
}
