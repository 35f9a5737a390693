/** A headless Chromium for tests and benchmarks. */

import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

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
  const executablePath = CANDIDATES.find((path) => path !== undefined && path !== '' && existsSync(path));
  if (executablePath === undefined) {
    throw new Error(
      'no Chromium: run `npx playwright-core install chromium`, or name one in PROMO_EDGE_CHROMIUM',
    );
  }
  return chromium.launch({ executablePath, args: [...ARGUMENTS, ...args] });
}
