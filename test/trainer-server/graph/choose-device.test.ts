import { describe, expect, it } from 'vitest';
import { chooseDevice, faster, gpuInSight } from '../../../trainer-server/graph/choose-device.ts';

describe('the choice of a device', () => {
  it('is the one that was asked for', async () => {
    expect(await chooseDevice('cpu', 1e9)).toBe('cpu');
    expect(await chooseDevice('webgpu', 1)).toBe('webgpu');
  });

  it('takes a GPU only for steps so large that its speed outweighs what each step costs the host', () => {
    // 100 GFLOP/s and 10 TFLOP/s: a GFLOP takes 10 ms and 0.1 ms.
    const rates = { cpu: 1e8, webgpu: 1e10 };
    expect(faster(rates, 1e9)).toBe('cpu');
    expect(faster(rates, 1e10)).toBe('webgpu');
    expect(faster({ cpu: 1e8, webgpu: 1e7 }, 1e12)).toBe('cpu');
    expect(faster(undefined, 1e12)).toBe('cpu');
  });

  it('looks for a GPU where the system shows one', () => {
    const only = (known: string) => (file: string) => file === known;
    expect(gpuInSight('linux', () => false)).toBe(false);
    expect(gpuInSight('linux', only('/dev/nvidia0'))).toBe(true);
    expect(gpuInSight('linux', only('/dev/dri/renderD128'))).toBe(true);
    expect(gpuInSight('darwin', () => false)).toBe(true);
    expect(gpuInSight('freebsd', () => true)).toBe(false);
  });
});
