/** The panel's file for script tags. */

import { listen } from './index.ts';

listen(globalThis as Parameters<typeof listen>[0]);
