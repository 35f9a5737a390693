/** Tier `ort-node`: a bundle's exported ONNX files on onnxruntime-node, for the command line and for parity. */

import type { EngineMeta } from '../../shared/kernels/kernel-engine.ts';
import {
  type OnnxFiles,
  type OrtEngine,
  type OrtRuntime,
  ortEngine,
} from '../../shared/kernels/ort-engine.ts';
import type { Tensors } from '../../shared/tensors.ts';
import { InferenceSession, Tensor } from '../onnx-runtime.ts';
import type { Bundle } from '../release/bundle.ts';

const RUNTIME = { InferenceSession, Tensor } as unknown as OrtRuntime;

/** One thread: requests come one at a time, and small matrices gain nothing from more. */
const SESSION = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 3 } as const;

/** @throws BadInput for a product table that does not fit; what the runtime throws for a file that it refuses */
export async function ortNodeEngine(
  meta: EngineMeta,
  tensors: Tensors,
  files: OnnxFiles,
): Promise<OrtEngine> {
  return ortEngine(RUNTIME, meta, tensors, files, { tier: 'ort-node', sessionOptions: SESSION });
}

/**
 * Everything a bundle holds: session encoder and Q head, over the whole product table where it has one, and the
 * text encoder.
 */
export async function ortNodeEngineOf(bundle: Bundle): Promise<OrtEngine> {
  const meta = await bundle.first();
  const tensors = (await bundle.tensors('products')) ?? (await bundle.tensors('first-tensors')) ?? {};
  const [session, head, text] = await Promise.all([
    bundle.bytes('session-onnx'),
    bundle.bytes('head-onnx'),
    bundle.bytes('text-onnx'),
  ]);
  const engine = await ortNodeEngine(meta, tensors, { ...(session && { session }), ...(head && { head }) });
  const config = text && (await bundle.catalogue())?.text;
  if (config !== undefined) await engine.loadText(config, text!);
  return engine;
}
