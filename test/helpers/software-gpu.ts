/**
 * A WebGPU adapter without a GPU: the SwiftShader that Chromium brings. ONNX Runtime's Dawn looks for `libvulkan.so.1`
 * and, through it, for drivers, so children get both by their environment.
 */

import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const CHROMIUM = '/usr/lib/chromium';

/** What is missing, as the reason to skip a test; undefined where all is there. */
export function whyNoSoftwareGpu(): string | undefined {
  const missing = ['libvulkan.so.1', 'vk_swiftshader_icd.json'].filter(
    (file) => !existsSync(join(CHROMIUM, file)),
  );
  return missing.length === 0
    ? undefined
    : `no ${missing.join(', ')} in ${CHROMIUM} (Debian's package chromium)`;
}

/** Sets this process's environment for the children it starts from now on. */
export function useSoftwareGpu(): void {
  const folder = mkdtempSync(join(tmpdir(), 'vulkan-'));
  symlinkSync(join(CHROMIUM, 'libvulkan.so.1'), join(folder, 'libvulkan.so.1'));
  process.env.LD_LIBRARY_PATH = [folder, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':');
  process.env.VK_ICD_FILENAMES = join(CHROMIUM, 'vk_swiftshader_icd.json');
}
