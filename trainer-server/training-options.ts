/** What every part of training is given: where to run, what to draw from, when to stop, where to save. */

import type { Random } from '../shared/random.ts';
import type { Progress } from './progress.ts';
import type { Bundle } from './release/bundle.ts';

export type Device = 'auto' | 'cpu' | 'webgpu';

/** Saved work of a run, by name, so that a killed run can go on (`train --resume`). */
export interface Checkpoints {
  /** The bytes saved under this name by the run that is taken up; undefined where there are none. */
  load(name: string): Promise<Uint8Array | undefined>;
  /** Saves atomically: a kill leaves the earlier bytes or these. */
  save(name: string, bytes: Uint8Array): Promise<void>;
}

export interface TrainingOptions {
  device: Device;
  random: Random;
  progress: Progress;
  signal: AbortSignal;
  /** Seconds left for this part; at or below 0 it ends with the best model so far. */
  deadline(): number;
  checkpoints: Checkpoints;
  /** The release to continue from, if any. */
  from?: Bundle;
  /** Going on from it: the share of its recommendations' quality on its own period that may be lost. */
  mayForget?: number;
}

/** Checkpoints that keep nothing, for tests and short runs. */
export const NO_CHECKPOINTS: Checkpoints = {
  load: async () => undefined,
  save: async () => undefined,
};
