/** One import at a time into a folder, in a work folder beside the data, removed at the end whatever happens. */

import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';

/** Makes `dir/.import`, which is also the lock; the one of a process that is gone is taken over. */
export async function withFolderLock<T>(dir: string, work: (folder: string) => Promise<T>): Promise<T> {
  await mkdir(dir, { recursive: true });
  const folder = join(dir, '.import');
  await clearLeftover(folder);
  try {
    await mkdir(folder);
  } catch (error) {
    if ((error as { code?: string }).code !== 'EEXIST') throw error;
    throw new BadInput(
      { file: folder },
      'no other import into this folder',
      'one that is running',
      'Wait for it',
    );
  }
  try {
    await writeFile(join(folder, 'pid'), String(process.pid));
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function clearLeftover(folder: string): Promise<void> {
  const pid = await readFile(join(folder, 'pid'), 'utf8').catch(() => undefined);
  if (pid !== undefined && !isAlive(Number(pid))) await rm(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === 'EPERM';
  }
}
