import { describe, expect, it } from 'vitest';
import { type GpuNavigator, hasHardwareGpu } from '../../../sdk/helper/gpu.ts';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/140';
const navigatorWith = (adapter: object | null, userAgent = MAC): GpuNavigator => ({
  userAgent,
  gpu: { requestAdapter: async () => adapter },
});

describe('a GPU worth trying', () => {
  it('is one with an adapter of its own', async () => {
    expect(await hasHardwareGpu(navigatorWith({ info: { vendor: 'apple', architecture: 'metal-3' } }))).toBe(
      true,
    );
    expect(
      await hasHardwareGpu(navigatorWith({ isFallbackAdapter: false, info: { vendor: 'nvidia' } })),
    ).toBe(true);
  });

  it.each<[string, GpuNavigator]>([
    ['no WebGPU', { userAgent: MAC }],
    ['no adapter', navigatorWith(null)],
    ['a fallback adapter, as it was told first', navigatorWith({ isFallbackAdapter: true })],
    ['a fallback adapter, as it is told now', navigatorWith({ info: { isFallbackAdapter: true } })],
    [
      'software that does not say so',
      navigatorWith({ info: { vendor: 'google', architecture: 'swiftshader' } }),
    ],
    [
      'iOS',
      navigatorWith({ info: { vendor: 'apple' } }, 'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X)'),
    ],
    [
      'a request that fails',
      { userAgent: MAC, gpu: { requestAdapter: () => Promise.reject(new Error('lost')) } },
    ],
  ])('is not: %s', async (_name, navigator) => {
    expect(await hasHardwareGpu(navigator)).toBe(false);
  });
});
