/** The kernels' WebAssembly, out of the code itself: no request, and nothing that a page's policy could block twice. */

import { core } from './generated/binaries.ts';
import type { KernelModules } from './kernels.ts';

/** @throws WebAssembly.CompileError where there is no SIMD, or where the page's policy forbids WebAssembly */
export async function compileKernels(): Promise<KernelModules> {
  return { core: await WebAssembly.compile(bytesOf(core)) };
}

/** A binary as it is held in a string: a character is a byte. */
export function bytesOf(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
