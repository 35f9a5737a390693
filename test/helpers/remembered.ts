/**
 * Results of long measurements, kept in the system's temporary folder for as long as the sources that they rest on stay
 * as they are.
 */

import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const ROOT = join(import.meta.dirname, '..', '..');
const hashes = new Map<string, string>();

/**
 * What `measure` gave for this key under the very same sources, else what it gives now.
 * @param modules paths from the repository's root: a result is forgotten when one of them changes, or anything of ours
 * that they import, directly or not
 */
export async function remembered<T>(
  key: object,
  modules: readonly string[],
  measure: () => Promise<T>,
): Promise<T> {
  const name = createHash('sha256')
    .update(`${modules.map(sourceHash).join()} ${JSON.stringify(key)}`)
    .digest('hex')
    .slice(0, 24);
  const folder = join(tmpdir(), 'promo-edge-bench');
  const path = join(folder, name);
  try {
    return deserialize(await readFile(path)) as T;
  } catch {
    const result = await measure();
    await mkdir(folder, { recursive: true });
    // Two runs at once may write the same result: each writes its own file and puts it in place whole.
    await writeFile(`${path}.${process.pid}`, serialize(result));
    await rename(`${path}.${process.pid}`, path);
    return result;
  }
}

function sourceHash(module: string): string {
  const known = hashes.get(module);
  if (known !== undefined) return known;
  const files = new Map<string, string>();
  const visit = (file: string): void => {
    if (files.has(file)) return;
    const text = readFileSync(file, 'utf8');
    files.set(file, text);
    for (const [, path] of text.matchAll(/^(?:import|export)(?! type)\b[^;]*?\bfrom '(\.[^']+)';/gms)) {
      const next = join(dirname(file), path!);
      if (existsSync(next)) visit(next);
    }
  };
  visit(join(ROOT, module));
  const hash = createHash('sha256');
  for (const file of [...files.keys()].sort()) hash.update(relative(ROOT, file)).update(files.get(file)!);
  hashes.set(module, hash.digest('hex'));
  return hashes.get(module)!;
}
