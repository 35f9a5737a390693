/** A bundle folder: manifest.json, the files it lists, and `trainer/`, which is never published. */

import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { CatalogueFile, FirstMeta } from '../../shared/bundle.ts';
import { BadInput, placed, Untrusted } from '../../shared/errors.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import {
  FILE_GROUPS,
  type FileRole,
  type Manifest,
  type ManifestFile,
  manifestSchema,
} from '../../shared/manifest.ts';
import { read } from '../../shared/read.ts';
import { readTensors, type Tensors } from '../../shared/tensors.ts';

/** A file on its way into a bundle. */
export interface BundleFile {
  path: string;
  role: FileRole;
  group: ManifestFile['group'];
  bytes: Uint8Array;
}

export interface BundleDraft {
  manifest: Omit<Manifest, 'files' | 'format' | 'featureVersion'>;
  files: readonly BundleFile[];
  /** Kept beside the release for the trainer alone: full-precision weights, costs, reports. */
  trainer: Readonly<Record<string, Uint8Array | string>>;
}

/** A bundle to read from. Every byte handed out has been checked against the manifest. */
export interface Bundle {
  dir: string;
  manifest: Manifest;
  /** The file of this role; undefined where the bundle has none. @throws Untrusted on a wrong size or hash */
  bytes(role: FileRole): Promise<Uint8Array | undefined>;
  tensors(role: FileRole): Promise<Tensors | undefined>;
  first(): Promise<FirstMeta>;
  catalogue(): Promise<CatalogueFile | undefined>;
  trainerFile(name: string): Promise<Uint8Array | undefined>;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Writes a bundle beside `dir` and swaps it in at the end, so a crash leaves the old bundle or the new one.
 * @returns the manifest, files in group order
 */
export async function writeBundle(dir: string, draft: BundleDraft): Promise<Manifest> {
  const manifest: Manifest = {
    ...draft.manifest,
    format: 1,
    featureVersion: FEATURE_VERSION,
    files: [...draft.files]
      .sort((left, right) => FILE_GROUPS.indexOf(left.group) - FILE_GROUPS.indexOf(right.group))
      .map(({ path, role, group, bytes }) => ({
        path,
        role,
        group,
        sha256: sha256(bytes),
        bytes: bytes.length,
      })),
  };
  read(manifestSchema, manifest);
  const fresh = join(dirname(dir), `.${basename(dir)}.new-${process.pid}`);
  await rm(fresh, { recursive: true, force: true });
  await mkdir(join(fresh, 'trainer'), { recursive: true });
  for (const file of draft.files) await writeFile(join(fresh, file.path), file.bytes);
  for (const [name, content] of Object.entries(draft.trainer)) {
    const path = join(fresh, 'trainer', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  await writeFile(join(fresh, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  await swapIn(fresh, dir);
  return manifest;
}

/**
 * Opens a bundle folder.
 * @throws BadInput where it is none, Untrusted where it was made for another feature version
 */
export async function openBundle(dir: string): Promise<Bundle> {
  const manifest = await readManifest(dir);
  if (manifest.featureVersion !== FEATURE_VERSION) {
    throw new Untrusted(
      'feature-version',
      `${dir}: expected feature version ${FEATURE_VERSION}, got ${manifest.featureVersion}: train it again with this release of promo-edge`,
    );
  }
  const bytes = async (role: FileRole): Promise<Uint8Array | undefined> => {
    const entry = manifest.files.find((file) => file.role === role);
    return entry === undefined ? undefined : readChecked(join(dir, entry.path), entry);
  };
  const json = async <T>(role: FileRole): Promise<T | undefined> => {
    const found = await bytes(role);
    return found === undefined ? undefined : (JSON.parse(new TextDecoder().decode(found)) as T);
  };
  return {
    dir,
    manifest,
    bytes,
    async tensors(role) {
      const found = await bytes(role);
      return found === undefined ? undefined : readTensors(found, role);
    },
    async first() {
      const first = await json<FirstMeta>('first-meta');
      if (first === undefined) throw new BadInput({ file: dir }, 'a bundle with first.json', 'none');
      return first;
    },
    catalogue: () => json<CatalogueFile>('catalogue'),
    async trainerFile(name) {
      const found = await readFile(join(dir, 'trainer', name)).catch(orUndefined);
      return found === undefined ? undefined : new Uint8Array(found);
    },
  };
}

async function readManifest(dir: string): Promise<Manifest> {
  const file = join(dir, 'manifest.json');
  const text = await readFile(file, 'utf8').catch(orUndefined);
  if (text === undefined) throw new BadInput({ file: dir }, 'a bundle folder with manifest.json', 'none');
  try {
    return read(manifestSchema, JSON.parse(text));
  } catch (error) {
    if (error instanceof BadInput) throw placed(error, { file });
    throw new BadInput({ file }, 'JSON', (error as Error).message);
  }
}

async function readChecked(path: string, entry: ManifestFile): Promise<Uint8Array> {
  const found = new Uint8Array(await readFile(path));
  if (found.length !== entry.bytes) {
    throw new Untrusted('size', `${path}: expected ${entry.bytes} bytes, got ${found.length}`);
  }
  const hash = sha256(found);
  if (hash !== entry.sha256) {
    throw new Untrusted(
      'hash',
      `${path}: expected SHA-256 ${entry.sha256}, got ${hash}: the file was changed`,
    );
  }
  return found;
}

/** Said before hours of training, not after them. @throws BadInput where writeBundle would refuse the folder */
export async function checkBundleFolder(dir: string): Promise<void> {
  const held = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    throw new BadInput({ file: dir }, WRITABLE, error.code === 'ENOTDIR' ? 'a file' : error.message);
  });
  if (held.length > 0 && !held.includes('manifest.json'))
    throw new BadInput({ file: dir }, WRITABLE, OTHER_FILES);
}

const WRITABLE = 'a new or empty folder, or an earlier bundle';
const OTHER_FILES = 'a folder with other files';

/** Two renames, the old folder removed last. A folder that is no bundle is never replaced. */
async function swapIn(fresh: string, dir: string): Promise<void> {
  const old = await stat(dir).catch(orUndefined);
  if (old === undefined) return rename(fresh, dir);
  const isBundle = (await stat(join(dir, 'manifest.json')).catch(orUndefined)) !== undefined;
  const aside = `${fresh}-old`;
  if (!isBundle) {
    // rmdir semantics: an empty folder may be taken over, anything else is somebody's data.
    await rename(dir, aside);
    await rmdir(aside).catch(async () => {
      await rename(aside, dir);
      throw new BadInput({ file: dir }, WRITABLE, OTHER_FILES);
    });
    return rename(fresh, dir);
  }
  await rm(aside, { recursive: true, force: true });
  await rename(dir, aside);
  await rename(fresh, dir);
  await rm(aside, { recursive: true, force: true });
}

function orUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
  throw error;
}
