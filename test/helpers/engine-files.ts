/** The files of a case: as a bundle has them, and as a browser fetches them. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OnnxFiles } from '../../shared/kernels/ort-engine.ts';
import { writeTensors } from '../../shared/tensors.ts';
import { sessionOnnx } from '../../trainer-server/encoders/session-export.ts';
import { textOnnx } from '../../trainer-server/encoders/text-export.ts';
import { packedParameters } from '../../trainer-server/graph/index.ts';
import { headOnnx } from '../../trainer-server/policy/q-network.ts';
import type { EngineCase } from './engine-case.ts';

const ORT = join(import.meta.dirname, '../../node_modules/onnxruntime-web/dist');
/** Never the default and /all builds, which bring the old WebGPU backend. */
const ORT_FILES = ['', '.jspi', '.asyncify']
  .flatMap((build) => [`ort-wasm-simd-threaded${build}.mjs`, `ort-wasm-simd-threaded${build}.wasm`])
  .concat(['ort.wasm.min.mjs', 'ort.jspi.min.mjs', 'ort.webgpu.min.mjs']);

/** The ONNX files of a case: int8 as published, or float32 as trained. */
export function onnxFiles(of: EngineCase, form: 'int8' | 'fp32'): Required<OnnxFiles> {
  const stored = form === 'int8' ? packedParameters(of.first) : of.parameters;
  const [offset, scale] = of.parameters['head.unit']!.data as unknown as [number, number];
  return {
    session: sessionOnnx(startingWith(stored, 'session.'), of.session),
    head: headOnnx(startingWith(stored, 'head.', 'head.unit'), of.head, { offset, scale }),
    text: textOnnx(form === 'int8' ? packedParameters(of.texts) : of.textParameters, of.text),
  };
}

/** Everything that test/helpers/engine-worker.ts may fetch. */
export function engineFiles(of: EngineCase): Record<string, Uint8Array> {
  const { session, head, text } = onnxFiles(of, 'int8');
  return {
    'first.safetensors': writeTensors(of.first),
    'text.safetensors': writeTensors(of.texts),
    'session.onnx': session,
    'head.onnx': head,
    'text.onnx': text,
    ...Object.fromEntries(ORT_FILES.map((name) => [`ort/${name}`, readFileSync(join(ORT, name))])),
  };
}

function startingWith<T>(parameters: Record<string, T>, prefix: string, but?: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(parameters).filter(([name]) => name.startsWith(prefix) && name !== but),
  );
}
