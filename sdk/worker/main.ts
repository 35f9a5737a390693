/** The worker's file: what decides. */

import { answer } from '../remote.ts';
import { serveFile } from '../serve-file.ts';
import { startWorker } from '../start-worker.ts';
import { Runtime } from './runtime.ts';

serveFile('promo-edge-worker', (notify, start = startWorker) => new Runtime(notify, start), answer);
