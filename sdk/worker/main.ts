/** The worker's file: what decides. */

import { answer } from '../remote.ts';
import { serveFile } from '../serve-file.ts';
import { Runtime } from './runtime.ts';

serveFile('promo-edge-worker', (notify) => new Runtime(notify), answer);
