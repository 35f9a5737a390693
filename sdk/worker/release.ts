/** Which release decides: fetched, verified, swapped whole, the last known good kept. */

import { releaseFor } from '../../shared/canary.ts';
import { Untrusted } from '../../shared/errors.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { FileRole, Manifest, ManifestFile } from '../../shared/manifest.ts';
import {
  type Authentic,
  authenticate,
  requireCurrent,
  requireFresh,
  type Seen,
  verifyFile,
} from '../../shared/trust.ts';
import { type TrustedRoot, within } from '../../shared/trust-root.ts';
import type { TrustRoot, Verifier } from '../../shared/trust-signatures.ts';
import { download } from './download.ts';
import { madeUp } from './made-up.ts';
import { decidingFiles, type Envelope, envelopeOf, json, MANIFEST_BYTES } from './manifest-text.ts';
import { Roots } from './roots.ts';
import type { Store } from './store.ts';

/** A release whose every present file has been checked. The idle group comes later, whole. */
export interface Release {
  manifest: Manifest;
  files: ReadonlyMap<FileRole, Uint8Array>;
}

export interface ReleaseOptions {
  siteKey: string;
  endpoint: string;
  /** What the page pins. */
  root: TrustRoot;
  store: Store;
  verifier: Verifier;
  /** A file that is on the device already, or on its way to it: unchecked. Undefined where it is to be fetched. */
  have?(sha256: string): Promise<Uint8Array | undefined>;
  /** Epoch milliseconds. */
  now(): number;
  /** Starts to use it. @throws where its content does not make a model: the release before it stays */
  install(release: Release): Promise<void>;
  /** `current` is now what was installed; keeping it on the device comes after. */
  taken(): void;
  failed(error: unknown): void;
}

const MANIFEST_BOUNDS = { bytes: MANIFEST_BYTES, ms: 10_000 };
const ROOT_BOUNDS = { bytes: 32 << 10, ms: 10_000 };
const FILE_MS = 60_000;

export class Releases {
  current: Release | undefined;
  /** The canary that the newest manifest has out, whether or not this device is in it. */
  trial: Manifest | undefined;
  /** The signed text that `current` came from. */
  #text = '';
  /** The newest that was believed here. */
  #seen: Seen | undefined;
  #roots: Roots;
  #queue: Promise<unknown> = Promise.resolve();
  #written: Promise<unknown> = Promise.resolve();

  constructor(readonly options: ReleaseOptions) {
    const { endpoint, siteKey, root: pin, verifier } = options;
    this.#roots = new Roots({
      pin,
      verifier,
      fetch: async (version) =>
        json(await download(`${endpoint}/s/${siteKey}/root/${version}.json`, ROOT_BOUNDS), 'root'),
    });
  }

  /** Takes up the last known good from the store. */
  restore(): Promise<void> {
    return this.#oneAtATime(async () => {
      const { verifier, store } = this.options;
      let pinned: Promise<Authentic> | undefined;
      const wanted = (text: string): string[] => {
        // While the files are being read. Under a root the page's own keys did not sign: then it is asked again.
        pinned = authenticate(envelopeOf(text), this.options.root, verifier);
        pinned.catch(() => undefined);
        return decidingFiles(text);
      };
      const [kept, steps] = await Promise.all([store.release(wanted), store.get('roots')]);
      if (kept === undefined) return;
      await this.#roots.restore(steps);
      // Under the newest root: what was signed by a key that has been revoked since is good no longer.
      const root = this.#roots.current;
      const authentic = within(
        root,
        await (root.version === 0
          ? pinned!
          : authenticate(envelopeOf(kept.manifest), root.release, verifier)),
      );
      // An expired release is taken up all the same: it decides nothing, but stays comparable.
      const now = authentic.manifest.expires - 1;
      const trust = { root: root.release, featureVersion: FEATURE_VERSION, now };
      await requireCurrent(authentic, trust, verifier);
      this.#seen = seenOf(authentic);
      const manifest = await this.#mine(authentic.manifest, store);
      if (manifest === undefined) return;
      const held = manifest.files.filter((file) => kept.files.has(file.sha256));
      const files = held.map((file) => [file.role, kept.files.get(file.sha256)!] as const);
      await Promise.all(held.map((file, i) => verifyFile(files[i]![1], file, verifier)));
      await this.#use({ manifest, files: new Map(files) }, kept.manifest);
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
    // Verified already, when it was taken up; whether it has run out since is asked at each decision.
    if (text === this.#text) return;
    const { verifier, now, store } = this.options;
    const seen = await store.get('seen');
    const envelope = envelopeOf(text);
    const root = await this.#rootOf(envelope, store);
    const authentic = within(root, await authenticate(envelope, root.release, verifier));
    const trust = { root: root.release, seen, featureVersion: FEATURE_VERSION, now: now() };
    await requireCurrent(authentic, trust, verifier);
    // Whatever becomes of the files: whoever can withhold them must not win the right to go back.
    this.#seen = seenOf(authentic);
    this.#write(store.set('seen', this.#seen));
    const mine = await this.#mine(authentic.manifest, store);
    if (mine === undefined || same(mine, this.current?.manifest)) return;
    // A device with nothing to decide with takes the first group alone; one that has a release swaps whole.
    const groups = this.current === undefined ? ['first'] : ['first', 'idle'];
    const files =
      mine.mode === 'off'
        ? new Map()
        : await this.#fetch(mine.files.filter((file) => groups.includes(file.group)));
    // A decision need not wait for the device to have written it down.
    await this.#use({ manifest: mine, files }, text);
    this.#keep();
  }

  /** The root that speaks for a manifest, kept at once: what it revoked must stay so, whatever the manifest is worth. */
  async #rootOf({ signed, root }: Envelope, store: Store): Promise<TrustedRoot> {
    await this.#roots.restore(await store.get('roots'));
    if (await this.#roots.follow(signed.rootVersion ?? 0, root))
      this.#write(store.set('roots', this.#roots.steps));
    return this.#roots.current;
  }

  async #complete(release: Release): Promise<void> {
    const missing = release.manifest.files.filter((file) => !release.files.has(file.role));
    if (missing.length === 0 || release.manifest.mode === 'off') return;
    const { store } = this.options;
    const kept = await store.release(() => missing.map(({ sha256 }) => sha256));
    const more = await this.#fetch(missing, kept?.files);
    await this.#use({ manifest: release.manifest, files: new Map([...release.files, ...more]) }, this.#text);
    this.#keep();
  }

  /** Requests start in the manifest's order; those of a group run side by side. What is here already is not fetched. */
  async #fetch(
    files: readonly ManifestFile[],
    kept?: ReadonlyMap<string, Uint8Array>,
  ): Promise<Map<FileRole, Uint8Array>> {
    const { verifier, have } = this.options;
    const held = this.#bySha();
    const pairs = files.map(async (file) => {
      const { sha256, role } = file;
      const here = held.get(sha256) ?? kept?.get(sha256) ?? (await have?.(sha256));
      if (here !== undefined && (await isFile(here, file, verifier))) return [role, here] as const;
      return [role, await this.#download(file)] as const;
    });
    return new Map(await Promise.all(pairs));
  }

  /** A wrong answer, once given, would lie in the browser's cache for a year: then it is asked for past that. */
  async #download(file: ManifestFile): Promise<Uint8Array> {
    const { endpoint, verifier } = this.options;
    const bytesBy = async (cache: RequestCache): Promise<Uint8Array> => {
      const bounds = { bytes: file.bytes, ms: FILE_MS };
      const bytes = await download(`${endpoint}/b/${file.sha256}`, bounds, { cache });
      await verifyFile(bytes, file, verifier);
      return bytes;
    };
    return bytesBy('default').catch((error) => {
      if (error instanceof Untrusted) return bytesBy('reload');
      throw error;
    });
  }

  async #use(release: Release, text: string): Promise<void> {
    await this.options.install(release);
    this.current = release;
    this.#text = text;
    this.options.taken();
  }

  /** The browser took away what was kept: the release in use, and what keeps this device from going back behind it. */
  keepAgain(): void {
    const { store } = this.options;
    if (this.#seen !== undefined) this.#write(store.set('seen', this.#seen));
    if (this.#roots.steps.length > 0) this.#write(store.set('roots', this.#roots.steps));
    if (this.current !== undefined) this.#keep();
  }

  #keep(): void {
    this.#write(this.options.store.commitRelease({ manifest: this.#text, files: this.#bySha() }));
  }

  /** Begun in order at once; nothing but the end of its turn waits for the device to have it. */
  #write(writing: Promise<void>): void {
    this.#written = Promise.all([this.#written, writing.catch(this.options.failed)]);
  }

  /** The files of the current release, by content. */
  #bySha(): Map<string, Uint8Array> {
    const out = new Map<string, Uint8Array>();
    for (const { role, sha256 } of this.current?.manifest.files ?? []) {
      const bytes = this.current!.files.get(role);
      if (bytes !== undefined) out.set(sha256, bytes);
    }
    return out;
  }

  /** A release's first group, to be looked at beside the current one. @throws where a file cannot be had */
  async firstGroup(manifest: Manifest): Promise<Release> {
    return { manifest, files: await this.#fetch(manifest.files.filter(({ group }) => group === 'first')) };
  }

  /** What this device runs of a manifest. */
  async #mine(manifest: Manifest, store: Store): Promise<Manifest | undefined> {
    this.trial = manifest.canaryShare < 1 && manifest.mode === 'on' ? manifest : undefined;
    if (manifest.canaryShare >= 1) return manifest;
    return releaseFor(manifest, await madeUp(store, 'salt', this.options.failed));
  }

  /** Two swaps at once could mix. */
  #oneAtATime(work: () => Promise<void>): Promise<void> {
    const done = this.#queue
      .then(work)
      .catch(this.options.failed)
      .then(() => this.#written)
      .then(() => undefined);
    this.#queue = done;
    return done;
  }
}

/** A copy on the device that was damaged is no reason to do without the file. */
const isFile = (...args: Parameters<typeof verifyFile>): Promise<boolean> =>
  verifyFile(...args).then(
    () => true,
    () => false,
  );

const seenOf = ({ manifest: { version, created }, signers }: Authentic): Seen => ({
  version,
  created,
  signers,
});

const same = (left: Manifest, right: Manifest | undefined): boolean =>
  left.version === right?.version && left.created === right.created;
