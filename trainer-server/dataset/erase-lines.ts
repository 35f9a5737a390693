/** Takes one visitor's lines out of a data folder: what was imported from feedback lives there, too. */

import { createWriteStream } from 'node:fs';
import { access, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { openMaybeGzip } from './lines.ts';
import { textLines } from './text-lines.ts';

const FILES = ['events.jsonl', 'decisions.jsonl', 'events.jsonl.gz', 'decisions.jsonl.gz'];

/**
 * Each file is written anew beside the old one and takes its place in one step. A line that is not JSON stays: it is
 * nobody's to us, and `import` complains of it.
 * @param ids of single decisions, beside the visitor's
 * @returns lines taken out, by file
 */
export async function eraseLines(
  dir: string,
  { visitor, ids = [] }: { visitor?: string | undefined; ids?: readonly string[] | undefined },
): Promise<Record<string, number>> {
  const wanted = new Set(ids);
  const removed: Record<string, number> = {};
  for (const name of FILES) {
    const path = join(dir, name);
    if (!(await exists(path))) continue;
    const count = await filterFile(path, (line) => !belongs(line, visitor, wanted));
    if (count > 0) removed[name] = count;
  }
  return removed;
}

/** An event names its visitor; a decision its id as well. */
function belongs(text: string, visitor: string | undefined, ids: ReadonlySet<string>): boolean {
  try {
    const line = JSON.parse(text) as { visitor?: unknown; id?: unknown; action?: unknown };
    return (
      (visitor !== undefined && line.visitor === visitor) ||
      (line.action !== undefined && ids.has(String(line.id)))
    );
  } catch {
    return false;
  }
}

async function filterFile(path: string, keep: (line: string) => boolean): Promise<number> {
  const part = `${path}.part`;
  let removed = 0;
  const lines = async function* (): AsyncGenerator<string> {
    for await (const block of textLines(await openMaybeGzip(path))) {
      const kept = block.lines.filter((line) => line !== '' && keep(line));
      removed += block.lines.filter((line) => line !== '').length - kept.length;
      if (kept.length > 0) yield `${kept.join('\n')}\n`;
    }
  };
  try {
    const out = createWriteStream(part);
    if (path.endsWith('.gz')) await pipeline(lines, createGzip(), out);
    else await pipeline(lines, out);
    if (removed > 0) await rename(part, path);
  } finally {
    await rm(part, { force: true });
  }
  return removed;
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
