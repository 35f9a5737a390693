/** `GET /sdk/*`: the built SDK, a fixed list of files read when the server starts. */

import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { Hono } from 'hono';
import { pinnedName } from '../release/sdk-builds.ts';
import { ApiError } from './api-error.ts';
import { describe, type Operation } from './operation.ts';
import { type Sendable, send } from './send.ts';

const OPERATION: Operation = { summary: 'A file of the built SDK', answer: 'text/javascript' };

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json',
  wasm: 'application/wasm',
};

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*\.(js|mjs|json|wasm)$/;
/** The build writes a hash of the content into the names of what the entry files load. */
const HASHED = /-[A-Za-z0-9_-]{8}\.(js|mjs|wasm)$/;

/** By name, and by `NAME?v=VERSION`: of earlier builds by that alone. */
export type SdkFiles = ReadonlyMap<string, Sendable>;

/** Regular files of a plain name; a symbolic link could lead out of the folder. None where the folder is missing. */
export function readSdkFiles(dir: string): SdkFiles {
  const files = new Map<string, Sendable>();
  let names: string[] = [];
  try {
    names = readdirSync(dir);
  } catch {
    return files;
  }
  for (const name of names) {
    const match = NAME.exec(name);
    if (match === null || !lstatSync(join(dir, name)).isFile()) continue;
    const file = { mediaType: MEDIA_TYPES[match[1]!]!, bytes: readFileSync(join(dir, name)) };
    files.set(name, file);
    if (match[1] === 'js') files.set(pinnedName(name, file.bytes), file);
  }
  return files;
}

export function sdkFilesRoute(files: SdkFiles): Hono {
  const packed = new Map<string, Promise<Sendable>>();
  return new Hono().get('/sdk/:file', describe(OPERATION), async (c) => {
    const file = c.req.param('file');
    const version = c.req.query('v');
    const pinned = `${file}?v=${version}`;
    const name = files.has(pinned) ? pinned : file;
    const plain = files.get(name);
    if (plain === undefined) {
      const fix = files.size === 0 ? ': npm run build:sdk makes them' : '';
      throw new ApiError(404, 'not-found', `no SDK file of this name${fix}`, 'file');
    }
    if (!packed.has(name)) packed.set(name, withBrotli(plain));
    // A version that is not here gets the running build, for once: whoever pins it checks the hash besides.
    const named = HASHED.test(name) || name === pinned;
    const cache = named ? 'public, max-age=31536000, immutable' : 'public, max-age=600';
    return send(c, await packed.get(name)!, cache);
  });
}

const compress = promisify(brotliCompress);
/** Above this the highest quality takes seconds. */
const LARGE = 1024 * 1024;

async function withBrotli(file: Sendable): Promise<Sendable> {
  const quality = file.bytes.length > LARGE ? 5 : 11;
  return {
    ...file,
    brotli: await compress(file.bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }),
  };
}
