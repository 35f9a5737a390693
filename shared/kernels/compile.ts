/** The kernels' WebAssembly, out of the code itself: no request, and nothing that a page's policy could block twice. */

import { core, dot, dotRelaxed } from './generated/binaries.ts';
import type { KernelModules } from './kernels.ts';

/**
 * Relaxed SIMD where the engine has it, plain SIMD elsewhere: the results are the same, bit by bit.
 * @throws WebAssembly.CompileError where there is no SIMD, or where the page's policy forbids WebAssembly
 */
export async function compileKernels(relaxed = hasRelaxedSimd()): Promise<KernelModules> {
  const [coreModule, dotModule] = await Promise.all([
    WebAssembly.compile(bytesOf(core)),
    WebAssembly.compile(bytesOf(relaxed ? dotRelaxed : dot)),
  ]);
  return { core: coreModule, dot: dotModule };
}

export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(bytesOf(dotRelaxed));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
