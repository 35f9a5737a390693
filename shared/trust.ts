/**
 * Whom a device believes. Each check names the attack it stops; their order is that of the TUF client workflow
 * (https://theupdateframework.github.io/specification/latest/#detailed-client-workflow, 5.4).
 */

import { canonicalJson } from './canonical.ts';
import { Untrusted } from './errors.ts';
import { fromHex, toHex } from './hex.ts';
import type { Manifest, ManifestFile, SignedManifest } from './manifest.ts';

const HEX_32 = /^[0-9a-f]{64}$/;
const HEX_64 = /^[0-9a-f]{128}$/;

/** The cryptography, as an argument: WebCrypto, Node, or portable code where a browser lacks either. */
export interface Verifier {
  sha256(bytes: Uint8Array): Promise<Uint8Array>;
  /** Ed25519 by the strict rules of RFC 8032 (not ZIP 215). False for malformed keys and signatures. */
  verify(publicKey: Uint8Array, signature: Uint8Array, message: Uint8Array): Promise<boolean>;
}

export interface TrustRoot {
  /** Ed25519 public keys, 32 bytes in lower-case hex. */
  keys: readonly string[];
  /** How many different keys must have signed; at least 1. */
  threshold: number;
}

/** The newest manifest this device has ever believed. */
export interface Seen {
  version: number;
  created: number;
}

export interface TrustContext {
  root: TrustRoot;
  seen?: Seen | undefined;
  featureVersion: number;
  /** Epoch milliseconds. */
  now: number;
}

/** The bytes that are signed: the canonical JSON of `signed`, in UTF-8. */
export function manifestBytes(signed: SignedManifest['signed']): Uint8Array {
  return new TextEncoder().encode(canonicalJson(signed));
}

/** A key's name: SHA-256 of the public key's 32 bytes, in hex. */
export async function keyIdOf(publicKey: string, verifier: Pick<Verifier, 'sha256'>): Promise<string> {
  return toHex(await verifier.sha256(fromHex(publicKey)));
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
  const { signed: manifest } = wellFormed(raw);
  // Arbitrary software attack: only keys the shop pinned may speak.
  await requireSignatures(raw as SignedManifest, context.root, verifier);
  requireUsable(manifest);
  // Rollback attack: an old release, signed in its time, must not come back.
  requireNotOlder(manifest, context.seen);
  // Freeze attack: someone who can only withhold new releases loses the device when the old one runs out.
  requireFresh(manifest, context.now);
  if (manifest.featureVersion !== context.featureVersion) {
    throw new Untrusted(
      'feature-version',
      `manifest ${manifest.version}: expected feature version ${context.featureVersion}, got ${manifest.featureVersion}. Publish a release trained with this SDK's version`,
    );
  }
  return manifest;
}

/** Freeze attack, checked again at each use: a release may run out while it serves. @throws Untrusted */
export function requireFresh(manifest: Manifest, now: number): void {
  if (now < manifest.expires) return;
  throw new Untrusted(
    'expired',
    `manifest ${manifest.version}: expected one that expires after ${now}, got ${manifest.expires}. Publish again`,
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

/**
 * What anybody may have sent, checked before the signature; the schema itself is the trainer's check when it signs,
 * and too large for a device to carry.
 */
function wellFormed(raw: unknown): SignedManifest {
  const { signed, signatures } = (raw ?? {}) as Partial<SignedManifest>;
  const plausible =
    typeof signed === 'object' &&
    Array.isArray(signatures) &&
    signatures.length <= 16 &&
    signatures.every((entry) => HEX_32.test(entry?.keyId) && HEX_64.test(entry?.signature));
  if (!plausible)
    throw new Untrusted('format', 'manifest: expected {signed, signatures: [{keyId, signature}]}');
  return raw as SignedManifest;
}

/** What a device relies on, whoever signed it: a stolen key must not buy more than bad choices. */
function requireUsable({ format, version, created, expires, files }: Manifest): void {
  const numbers = [version, created, expires].every(Number.isSafeInteger);
  const usable = (file: ManifestFile): boolean =>
    HEX_32.test(file?.sha256) && Number.isSafeInteger(file.bytes) && file.bytes >= 0;
  const listed = Array.isArray(files) && files.length <= 32 && files.every(usable);
  if (format === 1 && numbers && listed && new Set(files.map(({ role }) => role)).size === files.length)
    return;
  throw new Untrusted(
    'format',
    `manifest ${version}: expected format 1 with each role once, got format ${format}`,
  );
}

/** Counts keys, not signatures: one key signing twice, or listed twice, is one voice (TUF 5.3.4, threshold). */
async function requireSignatures(raw: SignedManifest, root: TrustRoot, verifier: Verifier): Promise<void> {
  const keys = new Map<string, Uint8Array>();
  for (const key of root.keys) keys.set(await keyIdOf(key, verifier), fromHex(key));
  const message = manifestBytes(raw.signed);
  const agreed = new Set<string>();
  for (const { keyId, signature } of raw.signatures) {
    const key = keys.get(keyId);
    if (key === undefined || agreed.has(keyId)) continue;
    if (await verifier.verify(key, fromHex(signature), message)) agreed.add(keyId);
  }
  if (!(root.threshold >= 1) || agreed.size < root.threshold) {
    throw new Untrusted(
      'signature',
      `manifest: expected valid signatures of ${root.threshold} of ${keys.size} trusted keys, got ${agreed.size}`,
    );
  }
}

function requireNotOlder(manifest: Manifest, seen: Seen | undefined): void {
  if (seen === undefined || manifest.version > seen.version) return;
  if (manifest.version === seen.version && manifest.created >= seen.created) return;
  throw new Untrusted(
    'rollback',
    `manifest: expected version ${seen.version} or later, got ${manifest.version} of ${manifest.created}. Going back is publishing old files under a higher version`,
  );
}
