/**
 * Checkpoints: a training's state in one safetensors file, replaced whole or not at all.
 *
 * Everything random in training is drawn from a seed and a step's number (dropout by the runner, batches by callers:
 * `seeded(`${seed}/${step}`)`), so the step is the whole state of the random numbers, and a resumed run repeats an
 * uninterrupted one loss for loss.
 */

import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { readTensorMetadata, readTensors, type Tensors, writeTensors } from '../../shared/tensors.ts';

export interface Checkpoint {
  /** From `Training.state()`. */
  state: Tensors;
  /** The caller's own: epoch, best loss so far, what the data's hash was. */
  metadata: Record<string, string>;
}

/**
 * Writes beside the file, forces it to the disk, then renames: a reader, or a run resumed after power loss, finds the
 * old checkpoint or the new one.
 */
export async function saveCheckpoint(file: string, { state, metadata }: Checkpoint): Promise<void> {
  const draft = `${file}.${process.pid}.tmp`;
  try {
    await writeDurably(draft, writeTensors(state, metadata));
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  await syncFolder(dirname(file));
}

/** The checkpoint in a file, undefined where there is none. @throws BadInput where the file is not one */
export async function loadCheckpoint(file: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return undefined;
  const state = readTensors(bytes, file);
  if (state.step === undefined) throw new BadInput({ file }, "a checkpoint with a tensor 'step'", 'none');
  return { state, metadata: readTensorMetadata(bytes, file) };
}

async function writeDurably(file: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(file, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The rename itself is durable once its folder is. Windows has no such thing and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
