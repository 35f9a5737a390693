/** Where graphs run, and the session options that make a wrong place an error instead of a slow success. */

import { availableParallelism } from 'node:os';
import type { InferenceSession } from 'onnxruntime-node';

export type Device = 'cpu' | 'webgpu';
export type DeviceChoice = 'auto' | Device;

/**
 * How long an idle thread waits awake for the next operator. ONNX Runtime's default of a million turns takes the core
 * from everyone else: with the machine three times oversubscribed a step took 3.3 times as long as with this.
 */
const SPIN_MICROSECONDS = '50';

/**
 * Left alone, onnxruntime 1.30 fuses DequantizeLinear and MatMul into MatMulNBits, which rounds the activations to int8
 * too: 4 % off in a 64 x 48 layer, where weights alone cost 0.
 */
const EXACT_INT8 = { disable_quant_qdq: '1' };

export function sessionOptions(
  device: Device,
  threads = availableParallelism(),
): InferenceSession.SessionOptions {
  const common = { graphOptimizationLevel: 'all', logSeverityLevel: 3 } as const;
  if (device === 'cpu') {
    return {
      ...common,
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      extra: { session: { intra_op: { spin_duration_us: SPIN_MICROSECONDS }, ...EXACT_INT8 } },
    };
  }
  return {
    ...common,
    executionProviders: ['webgpu'],
    // A node that the GPU lacks would otherwise move to the CPU, with its tensors, at every step.
    extra: { session: { disable_cpu_ep_fallback: '1', ...EXACT_INT8 } },
  };
}
