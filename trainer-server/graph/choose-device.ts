/** Decides what 'auto' means on this machine. */

import { existsSync } from 'node:fs';
import type { Device, DeviceChoice } from './device.ts';
import type { Measured } from './protocol.ts';
import { RunnerProcess } from './runner-process.ts';

/** A GPU has to be this many times as fast at products: what is between them costs it more than it costs a CPU. */
const WORTH_IT = 4;

let measured: Promise<Device> | undefined;

/**
 * The device itself, or for 'auto' the GPU where one is in sight and multiplies matrices at least four times as fast as
 * the CPU: that leaves out integrated ones that do not pay, and adapters in software. Measured once per process, in a
 * child, which a bad driver may take down.
 */
export async function chooseDevice(choice: DeviceChoice, signal?: AbortSignal): Promise<Device> {
  if (choice !== 'auto') return choice;
  if (!gpuInSight(process.platform, existsSync)) return 'cpu';
  measured ??= measure(signal);
  return measured;
}

/** Whether a GPU may be there. Asking Dawn instead costs a second, and prints warnings where there is none. */
export function gpuInSight(platform: NodeJS.Platform, exists: (file: string) => boolean): boolean {
  if (platform === 'linux') return ['/dev/nvidia0', '/dev/dri/renderD128', '/dev/dxg'].some(exists);
  return platform === 'darwin' || platform === 'win32';
}

async function measure(signal: AbortSignal | undefined): Promise<Device> {
  const runner = new RunnerProcess(signal);
  const msOn = async (device: Device): Promise<number> =>
    ((await runner.ask({ kind: 'measure', device })) as Measured).ms;
  try {
    const gpu = await msOn('webgpu');
    return gpu * WORTH_IT <= (await msOn('cpu')) ? 'webgpu' : 'cpu';
  } catch {
    signal?.throwIfAborted();
    return 'cpu';
  } finally {
    await runner.close();
  }
}
