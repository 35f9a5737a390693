/**
 * onnxruntime-node, silenced: its Linux builds otherwise name the machine (~/.cache/Microsoft/.../deviceid), note every
 * session in a database there and upload it. It reads the variable when it is loaded, so nothing else may load it.
 */

import { createRequire } from 'node:module';
import type * as Runtime from 'onnxruntime-node';

process.env.ORT_DISABLE_TELEMETRY = '1';

// Not `import`: imports run before the line above.
const runtime = createRequire(import.meta.url)('onnxruntime-node') as typeof Runtime;

export const { InferenceSession, Tensor, listSupportedBackends } = runtime;
export type InferenceSession = Runtime.InferenceSession;
export type Tensor = Runtime.Tensor;
