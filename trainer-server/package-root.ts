/** Where the package lies on disk: the bundled command line sits deeper or shallower than its source. */

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The folder of our package.json, found upwards from this code, whether it runs from `trainer-server/` or `dist/`.
 * @throws Error where code was copied out of its package
 */
export function packageRoot(from: string = import.meta.url): string {
  let folder = dirname(fileURLToPath(from));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder)
      throw new Error(`no package.json above ${fileURLToPath(from)}: install promo-edge whole`);
    folder = parent;
  }
  return folder;
}
