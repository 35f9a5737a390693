/** Tier 1: ONNX Runtime's WASM build, when idle, where the release brings graphs for it and the shop asks. */

import type { Engine } from '../../shared/engine.ts';
import { type OrtRuntime, ortEngine } from '../../shared/kernels/ort-engine.ts';
import type { Model } from '../model.ts';

interface OrtModule extends OrtRuntime {
  env: { wasm: { numThreads?: number; proxy?: boolean; wasmPaths?: { wasm: string } } };
}

/**
 * @returns undefined where the release has no graphs
 * @throws where the runtime cannot be loaded (CSP: `script-src` must name the endpoint) or refuses a graph
 */
export async function openOrt(
  endpoint: string,
  { meta, tensors, release }: Model,
): Promise<Engine | undefined> {
  const session = release.files.get('session-onnx');
  const head = release.files.get('head-onnx');
  if (head === undefined || (session === undefined && meta.session !== undefined)) return undefined;
  const url = `${endpoint}/sdk/ort.wasm.bundle.min.mjs`;
  const ort: OrtModule = await import(/* @vite-ignore */ url);
  // Threads need cross-origin isolation, which shops seldom have; without it they do nothing, in silence.
  Object.assign(ort.env.wasm, {
    numThreads: 1,
    proxy: false,
    wasmPaths: { wasm: `${endpoint}/sdk/ort-wasm-simd-threaded.wasm` },
  });
  const files = { head, ...(session === undefined ? {} : { session }) };
  return ortEngine(ort, meta, tensors, files, {
    tier: 'ort-wasm',
    sessionOptions: { executionProviders: ['wasm'] },
  });
}
