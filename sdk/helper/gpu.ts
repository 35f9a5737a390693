/** Whether there is a GPU worth trying. */

interface Adapter {
  isFallbackAdapter?: boolean;
  info?: { isFallbackAdapter?: boolean; vendor?: string; architecture?: string; description?: string };
}

export interface GpuNavigator {
  userAgent: string;
  gpu?: { requestAdapter(): Promise<Adapter | null> };
}

/** Software that calls itself an adapter: right, but slower than WebAssembly. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render|software/i;

/** Wrong results and lost devices there: https://github.com/microsoft/onnxruntime/issues/27584 */
const UNTRUSTED = /iPhone|iPad|iPod/;

export async function hasHardwareGpu({ gpu, userAgent }: GpuNavigator): Promise<boolean> {
  if (gpu === undefined || UNTRUSTED.test(userAgent)) return false;
  try {
    const adapter = await gpu.requestAdapter();
    if (adapter === null) return false;
    const { info = {} } = adapter;
    const fallback = adapter.isFallbackAdapter ?? info.isFallbackAdapter;
    return !fallback && !SOFTWARE.test([info.vendor, info.architecture, info.description].join());
  } catch {
    return false;
  }
}
