/** Where graphs run, and the session options that make a wrong place an error instead of a slow success. */

import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';

export type Device = 'cpu' | 'webgpu';
export type DeviceChoice = 'auto' | Device;

export function sessionOptions(
  device: Device,
  threads = availableParallelism(),
): InferenceSession.SessionOptions {
  const common = { graphOptimizationLevel: 'all', logSeverityLevel: 3 } as const;
  if (device === 'cpu') return { ...common, executionProviders: ['cpu'], intraOpNumThreads: threads };
  return {
    ...common,
    executionProviders: ['webgpu'],
    // A node that the GPU lacks would otherwise move to the CPU, with its tensors, at every step.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
  };
}
