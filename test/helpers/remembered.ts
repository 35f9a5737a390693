/** Results of long measurements, kept in the system's temporary folder for as long as the sources stay as they are. */

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';

const ROOT = join(import.meta.dirname, '..', '..');
/** Whatever a policy's worth may depend on. */
const SOURCES = [
  'shared',
  'trainer-server/policy',
  'trainer-server/simulate',
  'trainer-server/graph',
  'test/bench',
];

let sources: string | undefined;

/** What `measure` gave for this key under the very same sources, else what it gives now. */
export async function remembered<T>(key: object, measure: () => Promise<T>): Promise<T> {
  sources ??= sourceHash();
  const name = createHash('sha256')
    .update(`${sources} ${JSON.stringify(key)}`)
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

function sourceHash(): string {
  const hash = createHash('sha256');
  for (const folder of SOURCES) {
    const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((each) => each.endsWith('.ts')).sort()) {
      hash.update(file).update(readFileSync(join(ROOT, folder, file)));
    }
  }
  return hash.digest('hex');
}
