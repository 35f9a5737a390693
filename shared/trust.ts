/**
 * Whom a device believes. Each check names the attack it stops; their order is that of the TUF client workflow
 * (https://theupdateframework.github.io/specification/latest/#detailed-client-workflow, 5.4). What to do about a refusal
 * stands in sdk/TROUBLESHOOTING.md: every shopper's device carries this file, and none of them can do anything.
 */

import { Untrusted } from './errors.ts';
import { toHex } from './hex.ts';
import type { Manifest, ManifestFile } from './manifest.ts';
import {
  HEX_32,
  keyIdOf,
  requireEnvelope,
  requireSignatures,
  type TrustRoot,
  type Verifier,
} from './trust-signatures.ts';

/** The newest manifest this device has ever believed. */
export interface Seen {
  version: number;
  created: number;
  /** Ids of the keys that signed it. */
  signers?: readonly string[];
}

/** A manifest that keys of a root signed and that a device could use; whether it may, is `requireCurrent`'s. */
export interface Authentic {
  manifest: Manifest;
  /** Ids of the keys that signed it. */
  signers: string[];
}

export interface TrustContext {
  /** Who may sign manifests today. */
  root: TrustRoot;
  seen?: Seen | undefined;
  featureVersion: number;
  /** Epoch milliseconds. */
  now: number;
}

/**
 * The manifest inside a signed document, once every check has passed.
 * @throws Untrusted with the code of the first check that failed
 */
export async function verifyManifest(
  raw: unknown,
  context: TrustContext,
  verifier: Verifier,
): Promise<Manifest> {
  const authentic = await authenticate(raw, context.root, verifier);
  await requireCurrent(authentic, context, verifier);
  return authentic.manifest;
}

/**
 * The checks that need nothing of what the device keeps, so they can run before its storage has opened.
 * @throws Untrusted
 */
export async function authenticate(raw: unknown, root: TrustRoot, verifier: Verifier): Promise<Authentic> {
  const envelope = requireEnvelope<Manifest>(raw, 'manifest');
  // Arbitrary software attack: only keys the shop pinned, or its root names, may speak.
  const signers = await requireSignatures(envelope, root, verifier, 'manifest');
  return { manifest: requireUsable(envelope.signed), signers };
}

/** The checks against what the device has believed before. @throws Untrusted */
export async function requireCurrent(
  { manifest }: Authentic,
  { root, seen, featureVersion, now }: TrustContext,
  verifier: Pick<Verifier, 'sha256'>,
): Promise<void> {
  // Rollback attack: an old release, signed in its time, must not come back.
  if (seen !== undefined && (await stillBelieved(seen, root, verifier))) requireNotOlder(manifest, seen);
  // Freeze attack: someone who can only withhold new releases loses the device when the old one runs out.
  requireFresh(manifest, now);
  if (manifest.featureVersion !== featureVersion) {
    throw new Untrusted(
      'feature-version',
      `manifest ${manifest.version}: expected feature version ${featureVersion}, got ${manifest.featureVersion}`,
    );
  }
}

/** Freeze attack, checked again at each use: a release may run out while it serves. @throws Untrusted */
export function requireFresh(manifest: Manifest, now: number): void {
  if (now < manifest.expires) return;
  throw new Untrusted(
    'expired',
    `manifest ${manifest.version}: expected one that expires after ${now}, got ${manifest.expires}`,
  );
}

/** A file's bytes against what the manifest says of it. @throws Untrusted */
export async function verifyFile(
  bytes: Uint8Array,
  file: ManifestFile,
  verifier: Pick<Verifier, 'sha256'>,
): Promise<void> {
  if (bytes.length !== file.bytes) {
    throw new Untrusted('size', `${file.path}: expected ${file.bytes} bytes, got ${bytes.length}`);
  }
  const hash = toHex(await verifier.sha256(bytes));
  if (hash !== file.sha256)
    throw new Untrusted('hash', `${file.path}: expected SHA-256 ${file.sha256}, got ${hash}`);
}

/** What a device relies on, whoever signed it: a stolen key must not buy more than bad choices. */
function requireUsable(manifest: Partial<Manifest>): Manifest {
  const { format, version, created, expires, files, stable } = manifest;
  // A root, say, that the same key signed: a manifest names no type.
  const typed = 'type' in manifest;
  const numbers = [version, created, expires, stable?.version ?? 1].every(Number.isSafeInteger);
  if (format === 1 && !typed && numbers && listed(files) && (stable === undefined || listed(stable.files)))
    return manifest as Manifest;
  throw new Untrusted(
    'format',
    `manifest ${version}: expected format 1 with each role once, got format ${format}`,
  );
}

function listed(files: Manifest['files'] | undefined): boolean {
  const usable = (file: ManifestFile): boolean =>
    HEX_32.test(file?.sha256) && Number.isSafeInteger(file.bytes) && file.bytes >= 0;
  return (
    Array.isArray(files) &&
    files.length <= 32 &&
    files.every(usable) &&
    new Set(files.map(({ role }) => role)).size === files.length
  );
}

/**
 * Fast-forward attack: a stolen key could sign the highest version there is, and no later one would be believed again.
 * Once the root has revoked the keys that signed it, its version binds nobody (TUF 5.3.11).
 */
async function stillBelieved(
  { signers }: Seen,
  { keys, threshold }: TrustRoot,
  verifier: Pick<Verifier, 'sha256'>,
): Promise<boolean> {
  if (signers === undefined) return true;
  const ids = await Promise.all([...new Set(keys)].map((key) => keyIdOf(key, verifier)));
  return ids.filter((id) => signers.includes(id)).length >= threshold;
}

function requireNotOlder(manifest: Manifest, seen: Seen): void {
  if (manifest.version > seen.version) return;
  if (manifest.version === seen.version && manifest.created >= seen.created) return;
  throw new Untrusted(
    'rollback',
    `manifest: expected version ${seen.version} or later, got ${manifest.version} of ${manifest.created}`,
  );
}
