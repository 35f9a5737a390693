/**
 * Every build of the SDK that a server has had. A page that pinned one by its hash, and a browser that still holds its
 * loader, ask for the files of that build by `?v=`: an update of the server must not take them away.
 */

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addressVersion } from '../../shared/integrity.ts';
import type { SdkFiles } from '../routes/sdk-files.ts';

/** The loader, and what it starts by hash. ONNX Runtime's files are the same for many builds, and large. */
const OWN = /^promo-edge[a-z-]*\.js$/;
const KEPT = /^(\w{1,8})\.(promo-edge[a-z-]*\.js)$/;

/** As an `integrity` attribute has it. */
export const integrityOf = (bytes: Uint8Array): string =>
  `sha256-${createHash('sha256').update(bytes).digest('base64')}`;

/** The name under which a file's bytes are found for as long as they are kept; `/sdk/` goes before it. */
export const pinnedName = (name: string, bytes: Uint8Array): string =>
  `${name}?v=${addressVersion(integrityOf(bytes))}`;

/**
 * Keeps this build in `folder`, and adds those of before by their pinned names.
 * @param files the running build's
 */
export function withEarlierBuilds(files: SdkFiles, folder: string): SdkFiles {
  mkdirSync(folder, { recursive: true });
  for (const [name, { bytes }] of files) {
    if (!OWN.test(name)) continue;
    const path = join(folder, `${addressVersion(integrityOf(bytes))}.${name}`);
    if (existsSync(path)) continue;
    // Whole or not at all: half a file would be served for ever.
    writeFileSync(`${path}.part`, bytes);
    renameSync(`${path}.part`, path);
  }
  const all = new Map(files);
  for (const kept of readdirSync(folder)) {
    const [, version, name] = KEPT.exec(kept) ?? [];
    if (name === undefined) continue;
    const bytes = readFileSync(join(folder, kept));
    // What was changed on the disk since is not the file that a page has pinned.
    if (pinnedName(name, bytes) !== `${name}?v=${version}`) continue;
    all.set(pinnedName(name, bytes), { mediaType: 'text/javascript; charset=utf-8', bytes });
  }
  return all;
}
