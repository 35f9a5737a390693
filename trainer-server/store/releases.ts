/** Releases, their files, and which of them a site runs. */

import type { SignedManifest } from '../../shared/manifest.ts';
import type { Db } from './database.ts';

export interface StoredFile {
  sha256: string;
  mediaType: string;
  bytes: Uint8Array;
  /** The same bytes packed; absent where packing saves nothing. */
  brotli?: Uint8Array;
}

export interface Release {
  site: string;
  version: number;
  /** The signed manifest as it is served. */
  manifest: string;
  published: number;
  republishes?: number;
  forced?: string;
}

export interface Releases {
  /** Version that the next release of the site takes. */
  nextVersion(site: string): number;
  /** Stores a release whose files are all here and makes it the running one. */
  publish(release: Release): void;
  running(site: string): Release | undefined;
  find(site: string, version: number): Release | undefined;
  /** Newest first. */
  list(site: string, limit?: number): Release[];
  sites(): string[];
  addFile(file: StoredFile): void;
  file(sha256: string): StoredFile | undefined;
  hasFile(sha256: string): boolean;
}

interface ReleaseRow {
  site: string;
  version: number;
  manifest: string;
  published: number;
  republishes: number | null;
  forced: string | null;
}

const COLUMNS =
  'release.site, release.version, release.manifest, release.published, release.republishes, release.forced';

export function releasesOf(db: Db): Releases {
  const next = db
    .prepare('select coalesce(max(version), 0) + 1 as version from release where site = ?')
    .pluck();
  const running = db.prepare(
    `select ${COLUMNS} from channel join release on release.id = channel.release where channel.site = ?`,
  );
  const find = db.prepare(`select ${COLUMNS} from release where site = ? and version = ?`);
  const list = db.prepare(`select ${COLUMNS} from release where site = ? order by version desc limit ?`);
  const sites = db.prepare('select site from channel order by site').pluck();
  const insertFile = db.prepare(
    'insert or ignore into file (sha256, media_type, bytes, brotli) values (?, ?, ?, ?)',
  );
  const file = db.prepare('select sha256, media_type as mediaType, bytes, brotli from file where sha256 = ?');
  const hasFile = db.prepare('select 1 from file where sha256 = ?').pluck();
  return {
    nextVersion: (site) => next.get(site) as number,
    publish: publisher(db),
    running: (site) => toRelease(running.get(site)),
    find: (site, version) => toRelease(find.get(site, version)),
    list: (site, limit = 100) => list.all(site, limit).map((row) => toRelease(row)!),
    sites: () => sites.all() as string[],
    addFile: (entry) => void insertFile.run(entry.sha256, entry.mediaType, entry.bytes, entry.brotli ?? null),
    file: (sha256) => {
      const row = file.get(sha256) as
        | (Omit<StoredFile, 'brotli'> & { brotli: Uint8Array | null })
        | undefined;
      if (row === undefined) return undefined;
      const { brotli, ...rest } = row;
      return brotli === null ? rest : { ...rest, brotli };
    },
    hasFile: (sha256) => hasFile.get(sha256) !== undefined,
  };
}

function publisher(db: Db): Releases['publish'] {
  const insert = db.prepare(
    'insert into release (site, version, manifest, published, republishes, forced) values (?, ?, ?, ?, ?, ?)',
  );
  const link = db.prepare('insert or ignore into release_file (release, sha256) values (?, ?)');
  const point = db.prepare(
    'insert into channel (site, release) values (?, ?) on conflict (site) do update set release = excluded.release',
  );
  return ({ site, version, manifest, published, republishes, forced }) => {
    const added = insert.run(site, version, manifest, published, republishes ?? null, forced ?? null);
    const { signed } = JSON.parse(manifest) as SignedManifest;
    for (const file of [...signed.files, ...(signed.stable?.files ?? [])])
      link.run(added.lastInsertRowid, file.sha256);
    point.run(site, added.lastInsertRowid);
  };
}

function toRelease(row: unknown): Release | undefined {
  if (row === undefined) return undefined;
  const { republishes, forced, ...rest } = row as ReleaseRow;
  return {
    ...rest,
    ...(republishes === null ? {} : { republishes }),
    ...(forced === null ? {} : { forced }),
  };
}
