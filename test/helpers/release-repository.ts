/**
 * A shop that publishes roots and releases, and devices that follow it: what the TUF project's conformance suite calls
 * the repository simulator and the client. A test changes what is published next, publishes, and lets a device look.
 */

import { createHash } from 'node:crypto';
import { memoryStore } from '../../sdk/worker/memory-store.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { FileRole, Manifest, ManifestFile } from '../../shared/manifest.ts';
import type { SignedRoot } from '../../shared/root.ts';
import { type DeviceOptions, releaseDevice } from './release-device.ts';
import { keySet } from './roots.ts';
import { type SigningKey, signDocument, signingKey } from './signing.ts';

export const NOW = Date.UTC(2026, 0, 1);
export const DAY = 86_400_000;

/** Who may sign, and who does. */
export interface Holders {
  keys: SigningKey[];
  threshold: number;
  signers: SigningKey[];
}

export const holders = (...keys: SigningKey[]): Holders => ({ keys, threshold: keys.length, signers: keys });

export interface Repository {
  /** What the next documents say. */
  root: Holders & { version: number; expires: number };
  release: Holders & { version: number; expires: number };
  /** Contents of the next release. */
  contents: Partial<Record<FileRole, string>>;
  /** What is on its server, by the last part of the address. */
  served: Map<string, Uint8Array>;
  /** The next root, under its own version or posing as another; not yet named by any manifest. */
  publishRoot(change?: object, posingAs?: number): Promise<SignedRoot>;
  /** The next manifest and its files. */
  publish(change?: object): Promise<void>;
}

/** With a first root and a first release. */
export async function repository(first: Partial<Record<'root' | 'release', Holders>> = {}) {
  const served = new Map<string, Uint8Array>();
  const put = (name: string, content: string): void => void served.set(name, Buffer.from(content));
  const repo: Repository = {
    root: { ...(first.root ?? holders(signingKey())), version: 0, expires: NOW + 365 * DAY },
    release: { ...(first.release ?? holders(signingKey())), version: 0, expires: NOW + 30 * DAY },
    contents: { 'first-meta': 'first', catalogue: 'products' },
    served,
    async publishRoot(change = {}, posingAs) {
      const { root, release } = repo;
      root.version++;
      const content = { type: 'root', format: 1, version: root.version, expires: root.expires };
      const sets = {
        root: keySet(root.keys, root.threshold),
        release: keySet(release.keys, release.threshold),
      };
      const document = (await signDocument({ ...content, ...sets, ...change }, root.signers)) as SignedRoot;
      put(`${posingAs ?? root.version}.json`, JSON.stringify(document));
      return document;
    },
    async publish(change = {}) {
      const { release, root, contents } = repo;
      release.version++;
      const files = Object.entries(contents).map(([role, content]) => fileOf(role as FileRole, content));
      for (const { sha256, path } of files) put(sha256, contents[path as FileRole]!);
      const manifest: Manifest = {
        ...{
          format: 1,
          version: release.version,
          rootVersion: root.version,
          featureVersion: FEATURE_VERSION,
        },
        ...{ created: NOW, expires: release.expires, mode: 'on', canaryShare: 1, budgetPrice: 0 },
        ...{ files, parts: [], parity: {} },
      };
      put('manifest.json', JSON.stringify(await signDocument({ ...manifest, ...change }, release.signers)));
    },
  };
  await repo.publishRoot();
  await repo.publish();
  const pin = keySet(repo.root.keys, repo.root.threshold);
  return {
    repo,
    /** @param store of an earlier one: it is the same device, started again */
    device: ({ now = NOW, store = memoryStore(), root = pin }: Partial<DeviceOptions> = {}) =>
      follower(repo, { now, store, root }),
  };
}

/** The same, and a device that has taken both. */
export async function followed(...first: Parameters<typeof repository>) {
  const made = await repository(...first);
  const one = made.device();
  await one.refresh();
  return { ...made, one };
}

function fileOf(role: FileRole, content: string): ManifestFile {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const group = role.startsWith('first') ? 'first' : 'idle';
  return { path: role, role, group, sha256, bytes: Buffer.byteLength(content) };
}

function follower({ served }: Repository, { now, store = memoryStore(), root }: DeviceOptions) {
  const { releases, state, complaints } = releaseDevice({
    root,
    now,
    store,
    files: served,
  });
  return {
    state,
    store,
    releases,
    /** Looks for something newer. @returns the reason where it refused something; nothing where all went well */
    async refresh(): Promise<string | undefined> {
      complaints.length = 0;
      state.fetched.length = 0;
      await releases.poll();
      return complaints[0];
    },
    /** Last parts of the addresses that the last refresh asked for, in order. */
    asked: (): string[] => state.fetched.map((url) => url.split('/').at(-1)!),
    /** Version of the root that it believes, and of the release that decides. */
    trusted: async () => ({
      root: (await store.get('roots'))?.at(-1)?.signed.version ?? 0,
      release: releases.current?.manifest.version,
      refusal: releases.refusal(),
    }),
    /** Contents of the files in use. */
    contents: (): string[] =>
      [...(releases.current?.files.values() ?? [])].map((bytes) => Buffer.from(bytes).toString()),
  };
}
