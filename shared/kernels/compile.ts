/** The kernels' WebAssembly, out of the code itself: no request, and nothing that a page's policy could block twice. */

import { bytesOf } from './binary-text.ts';
import { core } from './generated/binaries.ts';
import type { KernelModules } from './kernels.ts';

/** @throws WebAssembly.CompileError where there is no SIMD, or where the page's policy forbids WebAssembly */
export async function compileKernels(): Promise<KernelModules> {
  return { core: await WebAssembly.compile(bytesOf(core)) };
}
