/** The folder that a build writes into until its files are whole, named after the process that it belongs to. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * @param out the built folder: a rename within a file system is atomic
 * @returns an empty folder in it; what builds that were killed left there is gone, that of one side by side stays
 */
export async function newDraft(out: string): Promise<string> {
  const drafts = (await readdir(out)).filter((name) => name.startsWith('.build-'));
  for (const draft of drafts.filter(isLeft)) await rm(join(out, draft), { recursive: true, force: true });
  return mkdtemp(join(out, `.build-${process.pid}-`));
}

function isLeft(draft: string): boolean {
  const [, pid] = /^\.build-(\d+)-/.exec(draft) ?? [];
  return pid === undefined || !isAlive(Number(pid));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's is alive, too.
    return (error as { code?: string }).code === 'EPERM';
  }
}
