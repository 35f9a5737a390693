/** A headless Chromium for tests and benchmarks. */

import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { chromiumAt, QUIET } from '../../demo-shop/shoppers/chromium.ts';

/** @throws where none is found, saying how to get one */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumAt(), args: [...QUIET, ...args] });
}

/** With the back-forward cache, which playwright switches off. @throws as launchChromium */
export async function launchRemembering(): Promise<Browser> {
  const ignoreDefaultArgs = ['--disable-back-forward-cache'];
  return chromium.launch({ executablePath: chromiumAt(), args: QUIET, ignoreDefaultArgs });
}

/** With WebGPU on a software adapter: for whether it is right, not for how fast it is. @throws as launchChromium */
export async function launchSoftwareGpu(): Promise<Browser> {
  const args = QUIET.filter((argument) => argument !== '--disable-gpu');
  return chromium.launch({ executablePath: chromiumAt(), args: [...args, '--enable-unsafe-webgpu'] });
}

/** With a profile on disk, which outlives its browser: for what must survive a restart. @throws as launchChromium */
export async function launchProfile(dir: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(dir, { executablePath: chromiumAt(), args: QUIET });
}
