/** A headless Chromium for tests and benchmarks. */

import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';

/** Nothing may reach out: no background requests, no GPU, whose software form would be measured as one. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const CANDIDATES = [
  process.env['PROMO_EDGE_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  chromium.executablePath(),
];

/** @throws where none is found, saying how to get one */
export async function launchChromium(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({ executablePath: executable(), args: [...ARGUMENTS, ...args] });
}

/** With WebGPU on a software adapter: for whether it is right, not for how fast it is. @throws as launchChromium */
export async function launchSoftwareGpu(): Promise<Browser> {
  const args = ARGUMENTS.filter((argument) => argument !== '--disable-gpu');
  return chromium.launch({ executablePath: executable(), args: [...args, '--enable-unsafe-webgpu'] });
}

/** With a profile on disk, which outlives its browser: for what must survive a restart. @throws as launchChromium */
export async function launchProfile(dir: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(dir, { executablePath: executable(), args: ARGUMENTS });
}

function executable(): string {
  const path = chromiumPath();
  if (path === undefined) {
    throw new Error(
      'no Chromium: run `npx playwright-core install chromium`, or name one in PROMO_EDGE_CHROMIUM',
    );
  }
  return path;
}

export const chromiumPath = (): string | undefined =>
  CANDIDATES.find((candidate) => candidate && existsSync(candidate));
