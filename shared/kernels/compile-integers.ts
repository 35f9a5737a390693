/** The WebAssembly of the text encoder, which comes with the idle group. */

import { bytesOf } from './binary-text.ts';
import { compileKernels } from './compile.ts';
import { dot, dotRelaxed } from './generated/binaries.ts';
import type { IntegerModules } from './integer-kernels.ts';

/**
 * Relaxed SIMD where the engine has it, plain SIMD elsewhere: the results are the same, bit by bit.
 * @throws WebAssembly.CompileError where there is no SIMD, or where the page's policy forbids WebAssembly
 */
export async function compileIntegerKernels(relaxed = hasRelaxedSimd()): Promise<IntegerModules> {
  const [modules, dotModule] = await Promise.all([
    compileKernels(),
    WebAssembly.compile(bytesOf(relaxed ? dotRelaxed : dot)),
  ]);
  return { ...modules, dot: dotModule };
}

export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(bytesOf(dotRelaxed));
}
