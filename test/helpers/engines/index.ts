/** The engines that the suite runs in, where they are installed. */

import { chromium } from './chromium.ts';
import type { EngineKind } from './engine.ts';
import { firefox } from './firefox.ts';
import { webkit } from './webkit.ts';

export const ENGINES: readonly EngineKind[] = [chromium, firefox, webkit];
