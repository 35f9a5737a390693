/** What the loop remembers beside its rounds' folders, so that a server that was killed goes on where it was. */

import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RoundState } from './round.ts';

export interface LoopMemory {
  /** The bundle of the release that the next round continues from. */
  bundle: string;
  round: RoundState;
}

/** @returns undefined where nothing is remembered */
export async function remembered(path: string): Promise<LoopMemory | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as LoopMemory);
}

/** The old memory or the new one, whenever it is broken off. */
export async function remember(path: string, memory: LoopMemory): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.next`, JSON.stringify(memory));
  await rename(`${path}.next`, path);
}
