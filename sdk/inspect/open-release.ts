/** A published release opened on the page: the checks of a device, but that it may be old. */

import type { Engine } from '../../shared/engine.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import { compileKernels } from '../../shared/kernels/compile.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { engineFromFirst } from '../../shared/kernels/kernel-engine.ts';
import type { FileRole, Manifest, ManifestFile } from '../../shared/manifest.ts';
import { authenticate, requireCurrent, verifyFile } from '../../shared/trust.ts';
import { within } from '../../shared/trust-root.ts';
import type { Verifier } from '../../shared/trust-signatures.ts';
import type { Options } from '../api.ts';
import { type Model, openModel } from '../model.ts';
import { optionsOf } from '../options.ts';
import { startFile } from '../start-file.ts';
import { type Bounds, download } from '../worker/download.ts';
import { envelopeOf, json, MANIFEST_BYTES } from '../worker/manifest-text.ts';
import { Roots } from '../worker/roots.ts';
import { apiStarter } from '../worker/start-api.ts';
import { openVerifier } from '../worker/verifier.ts';

export type InspectOptions = Pick<Options, 'siteKey' | 'endpoint' | 'keys' | 'threshold'>;

/** One set of a release's files, as something that decides. */
export interface Opened {
  model: Model;
  engine: Engine;
}

export interface OpenedRelease {
  version: number;
  /** It would decide nothing any more: an expired one is opened to be looked at. */
  expired: boolean;
  /** All that a decision reads. */
  whole: Opened;
  /** What a new visitor's first decision had: the first group alone. */
  first: Opened;
}

/** What decides; ranking and other engines have files of their own. */
const FIRST: readonly FileRole[] = ['first-meta', 'first-tensors'];
const WHOLE: readonly FileRole[] = [...FIRST, 'catalogue', 'products'];

const MS = 60_000;

/** Of the page's script tag; undefined where it has none. */
export function tagOptions(): InspectOptions | undefined {
  const tag = document.querySelector<HTMLScriptElement>('script[data-site-key]');
  return tag === null ? undefined : optionsOf(tag);
}

/**
 * @param version undefined for the one that runs
 * @throws Untrusted where it is not signed as the options want, or its files are not the signed ones; otherwise what
 *   fetch throws, as where there is no such release
 */
export async function openRelease(options: InspectOptions, version?: number): Promise<OpenedRelease> {
  const verifier = openVerifier(apiStarter(options.endpoint, startFile));
  const manifest = await manifestOf(options, version, verifier);
  const read = async (file: ManifestFile) => {
    const bytes = await download(`${options.endpoint}/b/${file.sha256}`, { bytes: file.bytes, ms: MS });
    await verifyFile(bytes, file, verifier);
    return [file.role, bytes] as const;
  };
  const files = await Promise.all(manifest.files.filter(({ role }) => WHOLE.includes(role)).map(read));
  const [whole, first] = await Promise.all([
    opened(manifest, files),
    opened(
      manifest,
      files.filter(([role]) => FIRST.includes(role)),
    ),
  ]);
  return { version: manifest.version, expired: manifest.expires <= Date.now(), whole, first };
}

async function manifestOf(
  { siteKey, endpoint, keys, threshold = 1 }: InspectOptions,
  version: number | undefined,
  verifier: Verifier,
): Promise<Manifest> {
  const site = `${endpoint}/s/${siteKey}`;
  const document = async (path: string, bounds: Bounds) =>
    download(`${site}/${path}`, bounds, { cache: 'no-store' });
  const path = version === undefined ? 'manifest.json' : `releases/${version}/manifest.json`;
  const text = new TextDecoder().decode(await document(path, { bytes: MANIFEST_BYTES, ms: MS }));
  const envelope = envelopeOf(text);
  const roots = new Roots({
    pin: { keys, threshold },
    verifier,
    fetch: async (at) => json(await document(`root/${at}.json`, { bytes: 32 << 10, ms: MS }), 'root'),
  });
  await roots.follow(envelope.signed.rootVersion ?? 0, envelope.root);
  const authentic = within(roots.current, await authenticate(envelope, roots.current.release, verifier));
  // Looked at as on the day before it ran out, and without regard to later ones.
  const now = authentic.manifest.expires - 1;
  const trust = { root: roots.current.release, featureVersion: FEATURE_VERSION, now };
  await requireCurrent(authentic, trust, verifier);
  return authentic.manifest;
}

/** By the kernels, as the worker decides; by plain JavaScript where the page's policy allows no WebAssembly. */
async function opened(
  manifest: Manifest,
  files: readonly (readonly [FileRole, Uint8Array])[],
): Promise<Opened> {
  const model = openModel({ manifest, files: new Map(files) });
  const { meta, tensors } = model;
  const modules = await compileKernels().catch(() => undefined);
  const engine =
    modules === undefined ? jsEngineFromFirst(meta, tensors) : await engineFromFirst(meta, tensors, modules);
  return { model, engine };
}
