/** Which release decides: fetched, verified, swapped whole, the last known good kept. */

import { Untrusted } from '../../shared/errors.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { FileRole, Manifest, ManifestFile } from '../../shared/manifest.ts';
import { hash32 } from '../../shared/random.ts';
import {
  requireFresh,
  type TrustRoot,
  type Verifier,
  verifyFile,
  verifyManifest,
} from '../../shared/trust.ts';
import { download } from './download.ts';
import type { KeptRelease, Store } from './store.ts';

/** A release whose every present file has been checked. The idle group comes later, whole. */
export interface Release {
  manifest: Manifest;
  files: ReadonlyMap<FileRole, Uint8Array>;
}

export interface ReleaseOptions {
  siteKey: string;
  endpoint: string;
  root: TrustRoot;
  store: Store;
  verifier: Verifier;
  /** Epoch milliseconds. */
  now(): number;
  /** Starts to use it. @throws where its content does not make a model: the release before it stays */
  install(release: Release): Promise<void>;
  /** `current` is now what was installed; keeping it on the device comes after. */
  taken(): void;
  failed(error: unknown): void;
}

const MANIFEST_BOUNDS = { bytes: 256 << 10, ms: 10_000 };
const FILE_MS = 60_000;

export class Releases {
  current: Release | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(readonly options: ReleaseOptions) {}

  /** Takes up the last known good from the store. */
  restore(): Promise<void> {
    return this.#oneAtATime(async () => {
      const { store, verifier, root, now } = this.options;
      const kept = await store.release();
      if (kept === undefined) return;
      // An expired release is taken up all the same: it decides nothing, but stays comparable.
      const trust = { root, featureVersion: FEATURE_VERSION, now: Math.min(now(), expiryOf(kept) - 1) };
      const manifest = await verifyManifest(JSON.parse(kept.manifest), trust, verifier);
      const files = new Map<FileRole, Uint8Array>();
      for (const file of manifest.files) {
        const bytes = kept.files.get(file.sha256);
        if (bytes === undefined) continue;
        await verifyFile(bytes, file, verifier);
        files.set(file.role, bytes);
      }
      await this.#use({ manifest, files });
    });
  }

  /** Looks for a newer manifest. Runs on a clock: when it is fetched says nothing of the shopper. */
  async poll(): Promise<void> {
    const url = `${this.options.endpoint}/s/${this.options.siteKey}/manifest.json`;
    try {
      // An ETag would be a cookie: no-store keeps the browser from sending one.
      const bytes = await download(url, MANIFEST_BOUNDS, { cache: 'no-store' });
      await this.offer(new TextDecoder().decode(bytes));
    } catch (error) {
      this.options.failed(error);
    }
  }

  /** Verifies a manifest's text, fetches what it names and installs it. Whatever fails leaves what was. */
  offer(text: string): Promise<void> {
    return this.#oneAtATime(() => this.#accept(text));
  }

  /** The idle group of the release in use: whole, in the manifest's order, whoever the shopper is. */
  idle(): Promise<void> {
    return this.#oneAtATime(async () => {
      if (this.current !== undefined) await this.#complete(this.current);
    });
  }

  /** Why the current release may not decide now; undefined where it may. */
  refusal(): string | undefined {
    if (this.current === undefined) return 'no-release';
    if (this.current.manifest.mode === 'off') return 'mode-off';
    try {
      requireFresh(this.current.manifest, this.options.now());
      return undefined;
    } catch (error) {
      return (error as Untrusted).code;
    }
  }

  async #accept(text: string): Promise<void> {
    const { store, verifier, root, now } = this.options;
    if (text.length > MANIFEST_BOUNDS.bytes)
      throw new Untrusted('size', 'manifest: expected at most 256 KiB');
    const raw: unknown = parsed(text);
    const seen = await store.get('seen');
    const manifest = await verifyManifest(
      raw,
      { root, seen, featureVersion: FEATURE_VERSION, now: now() },
      verifier,
    );
    // Whatever becomes of the files: whoever can withhold them must not win the right to go back.
    const noted = store
      .set('seen', { version: manifest.version, created: manifest.created })
      .catch(this.options.failed);
    if (
      this.current?.manifest.version === manifest.version &&
      this.current.manifest.created === manifest.created
    )
      return;
    if (!(await this.#inCanary(manifest))) return;
    this.#text = text;
    // A device with nothing to decide with takes the first group alone; one that has a release swaps whole.
    const groups = this.current === undefined ? ['first'] : ['first', 'idle'];
    const files =
      manifest.mode === 'off'
        ? new Map()
        : await this.#fetch(manifest.files.filter((file) => groups.includes(file.group)));
    await noted;
    await this.#use({ manifest, files });
    await this.#keep();
  }

  #text = '';

  async #complete(release: Release): Promise<void> {
    const missing = release.manifest.files.filter((file) => !release.files.has(file.role));
    if (missing.length === 0 || release.manifest.mode === 'off') return;
    const more = await this.#fetch(missing);
    await this.#use({ manifest: release.manifest, files: new Map([...release.files, ...more]) });
    await this.#keep();
  }

  /** Requests start in the manifest's order; those of a group run side by side. */
  async #fetch(files: readonly ManifestFile[]): Promise<Map<FileRole, Uint8Array>> {
    const { endpoint, verifier } = this.options;
    const pairs = files.map(async (file) => {
      const bytes = await download(`${endpoint}/b/${file.sha256}`, { bytes: file.bytes, ms: FILE_MS });
      await verifyFile(bytes, file, verifier);
      return [file.role, bytes] as const;
    });
    return new Map(await Promise.all(pairs));
  }

  async #use(release: Release): Promise<void> {
    await this.options.install(release);
    this.current = release;
    this.options.taken();
  }

  async #keep(): Promise<void> {
    const { manifest, files } = this.current!;
    const bySha = new Map(
      manifest.files.flatMap((file) => {
        const bytes = files.get(file.role);
        return bytes === undefined ? [] : [[file.sha256, bytes] as const];
      }),
    );
    await this.options.store.commitRelease({ manifest: this.#text, files: bySha }).catch(this.options.failed);
  }

  /** The bucket comes from a salt that never leaves the device, so nobody outside knows who is in it. */
  async #inCanary(manifest: Manifest): Promise<boolean> {
    if (manifest.canaryShare >= 1) return true;
    const { store } = this.options;
    let salt = await store.get('salt');
    if (salt === undefined) {
      salt = [...crypto.getRandomValues(new Uint32Array(2))].join('-');
      await store.set('salt', salt).catch(this.options.failed);
    }
    return hash32(`${salt}/${manifest.version}`) / 4294967296 < manifest.canaryShare;
  }

  /** Two swaps at once could mix. */
  #oneAtATime(work: () => Promise<void>): Promise<void> {
    const done = this.#queue.then(work).catch(this.options.failed);
    this.#queue = done;
    return done;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Untrusted('format', 'manifest: expected JSON');
  }
}

const expiryOf = (kept: KeptRelease): number => JSON.parse(kept.manifest).signed.expires;
