/** Where Chromium lies, and how it is kept quiet. */

import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Nothing may reach out: no background requests, no GPU, whose software form would be measured as one. */
export const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const PLACES = [
  process.env.PROMO_EDGE_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

export const chromiumPath = (): string | undefined =>
  [...PLACES, chromium.executablePath()].find((path) => path !== undefined && existsSync(path));

/** @throws where there is none, saying how to get one */
export function chromiumAt(): string {
  const path = chromiumPath();
  if (path !== undefined) return path;
  throw new Error(
    'expected Chromium; install it (`npx playwright-core install chromium`) or name one in PROMO_EDGE_CHROMIUM',
  );
}
