/** Decides what 'auto' means for a training on this machine. */

import { existsSync } from 'node:fs';
import type { Device, DeviceChoice } from './device.ts';
import type { Measured } from './protocol.ts';
import { RunnerProcess } from './runner-process.ts';

/**
 * What a step costs the host on a GPU, whatever its size, ms: 40 to 44 measured for the 4 x 128 transformer. Small models
 * are faster on the CPU for it.
 */
const GPU_STEP_MS = 42;

/** Flops per millisecond of each device. */
export type Rates = Record<Device, number>;

let measured: Promise<Rates | undefined> | undefined;

/**
 * The device itself, or for 'auto' the one that should take less time for a step of so many flops. Rates are measured
 * once per process, where a GPU is in sight, in a child, which a bad driver may take down. Adapters in software lose.
 */
export async function chooseDevice(
  choice: DeviceChoice,
  flops: number,
  signal?: AbortSignal,
): Promise<Device> {
  if (choice !== 'auto') return choice;
  if (!gpuInSight(process.platform, existsSync)) return 'cpu';
  // An aborted measurement must not decide for trainings to come.
  measured ??= measure(signal).catch((error: unknown) => {
    measured = undefined;
    throw error;
  });
  return faster(await measured, flops);
}

export function faster(rates: Rates | undefined, flops: number): Device {
  if (rates === undefined) return 'cpu';
  return GPU_STEP_MS + flops / rates.webgpu < flops / rates.cpu ? 'webgpu' : 'cpu';
}

/** Whether a GPU may be there. Asking Dawn instead costs a second, and prints warnings where there is none. */
export function gpuInSight(platform: NodeJS.Platform, exists: (file: string) => boolean): boolean {
  if (platform === 'linux') return ['/dev/nvidia0', '/dev/dri/renderD128', '/dev/dxg'].some(exists);
  return platform === 'darwin' || platform === 'win32';
}

async function measure(signal: AbortSignal | undefined): Promise<Rates | undefined> {
  const runner = new RunnerProcess(signal);
  const rate = async (device: Device): Promise<number> =>
    ((await runner.ask({ kind: 'measure', device })) as Measured).flopsPerMs;
  try {
    return { webgpu: await rate('webgpu'), cpu: await rate('cpu') };
  } catch {
    signal?.throwIfAborted();
    return undefined;
  } finally {
    await runner.close();
  }
}
