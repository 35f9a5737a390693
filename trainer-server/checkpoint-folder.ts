/** Saved work of a training run, as files beside the bundle it will become. */

import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoints } from './training-options.ts';

export interface CheckpointFolder extends Checkpoints {
  /** Removes everything: the run has ended well, or a new one begins. */
  clear(): Promise<void>;
}

/** Checkpoints in `dir`, written beside their place and renamed into it, so a kill leaves the earlier bytes. */
export function checkpointFolder(dir: string): CheckpointFolder {
  const path = (name: string): string => join(dir, `${name}.checkpoint`);
  return {
    async load(name) {
      return readFile(path(name)).then(
        (bytes) => new Uint8Array(bytes),
        (error: NodeJS.ErrnoException) => {
          if (error.code === 'ENOENT') return undefined;
          throw error;
        },
      );
    },
    async save(name, bytes) {
      await mkdir(dir, { recursive: true });
      await writeFile(`${path(name)}.new`, bytes);
      await rename(`${path(name)}.new`, path(name));
    },
    clear: () => rm(dir, { recursive: true, force: true }),
  };
}
