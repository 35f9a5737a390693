/**
 * ONNX Runtime, when idle, where the release brings graphs for it and the shop asks: WebAssembly (tier 1), or WebGPU
 * (tier 2) where there is a GPU, it gives the right numbers and is faster on this device.
 */

import type { Engine } from '../../shared/engine.ts';
import { type OrtRuntime, ortEngine } from '../../shared/kernels/ort-engine.ts';
import { requireSafeModel } from '../../shared/onnx/require-safe-model.ts';
import type { Model } from '../model.ts';
import { chooseEngine } from './choose-engine.ts';
import { type GpuNavigator, hasHardwareGpu } from './gpu.ts';

interface OrtModule extends OrtRuntime {
  env: { wasm: { numThreads?: number; proxy?: boolean; wasmPaths?: { wasm: string } } };
}

/** Never the default or /all builds: their old WebGPU backend is wrong in silence. The GPU builds run WebAssembly too. */
const BUILDS = {
  wasm: { module: 'ort.wasm.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.wasm' },
  jspi: { module: 'ort.jspi.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.jspi.wasm' },
  asyncify: { module: 'ort.webgpu.bundle.min.mjs', wasm: 'ort-wasm-simd-threaded.asyncify.wasm' },
} as const;

/**
 * @returns undefined where the release has no graphs
 * @throws where the runtime cannot be loaded (CSP: `script-src` must name the endpoint) or no graph gives what it must
 */
export async function openOrt(endpoint: string, model: Model): Promise<Engine | undefined> {
  const { meta, tensors, release } = model;
  const session = release.files.get('session-onnx');
  const head = release.files.get('head-onnx');
  if (head === undefined || (session === undefined && meta.session !== undefined)) return undefined;
  // Engines are chosen by their numbers alone: what a hostile graph did wrong must be said before one is tried.
  requireSafeModel(head, 'head.onnx');
  if (session !== undefined) requireSafeModel(session, 'session.onnx');
  const gpu = await hasHardwareGpu(navigator as unknown as GpuNavigator);
  const ort = await load(endpoint, !gpu ? 'wasm' : 'Suspending' in WebAssembly ? 'jspi' : 'asyncify');
  const files = { head, ...(session === undefined ? {} : { session }) };
  const on = (provider: 'wasm' | 'webgpu') => (): Promise<Engine> =>
    ortEngine(ort, meta, tensors, files, {
      tier: `ort-${provider}`,
      // Errors alone: warnings on where nodes run would fill a shop's console.
      sessionOptions: { executionProviders: [provider], logSeverityLevel: 3 },
    });
  const engine = await chooseEngine(gpu ? [on('wasm'), on('webgpu')] : [on('wasm')], model, () =>
    performance.now(),
  );
  if (engine === undefined)
    throw new Error('ONNX Runtime: expected the numbers of plain JavaScript, got others');
  return engine;
}

async function load(endpoint: string, build: keyof typeof BUILDS): Promise<OrtModule> {
  const { module, wasm } = BUILDS[build];
  const url = `${endpoint}/sdk/${module}`;
  const ort: OrtModule = await import(/* @vite-ignore */ url);
  // Threads need cross-origin isolation, which shops seldom have; without it they do nothing, in silence.
  Object.assign(ort.env.wasm, {
    numThreads: 1,
    proxy: false,
    wasmPaths: { wasm: `${endpoint}/sdk/${wasm}` },
  });
  return ort;
}
