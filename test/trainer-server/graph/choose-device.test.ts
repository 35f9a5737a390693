import { describe, expect, it } from 'vitest';
import { chooseDevice, gpuInSight } from '../../../trainer-server/graph/choose-device.ts';

describe('the choice of a device', () => {
  it('is the one that was asked for', async () => {
    expect(await chooseDevice('cpu')).toBe('cpu');
    expect(await chooseDevice('webgpu')).toBe('webgpu');
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
