/** Whether enough of the right keys signed a document. */

import { canonicalJson } from './canonical.ts';
import { Untrusted } from './errors.ts';
import { fromHex, toHex } from './hex.ts';

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

/** A document and signatures over its canonical JSON. */
export interface Signed<T = unknown> {
  signed: T;
  signatures: readonly { keyId: string; signature: string }[];
}

export const HEX_32 = /^[0-9a-f]{64}$/;
const HEX_64 = /^[0-9a-f]{128}$/;

/** The bytes that are signed: the canonical JSON of `signed`, in UTF-8. */
export function signedBytes(signed: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(signed));
}

/** A key's name: SHA-256 of the public key's 32 bytes, in hex. */
export async function keyIdOf(publicKey: string, verifier: Pick<Verifier, 'sha256'>): Promise<string> {
  return toHex(await verifier.sha256(fromHex(publicKey)));
}

/**
 * What anybody may have sent, checked before the signature; the schema itself is the trainer's check when it signs,
 * and too large for a device to carry. A signature may be of any form: one that is none of ours counts for nothing, and
 * spoils nothing beside those that do.
 * @throws Untrusted ('format')
 */
export function requireEnvelope<T>(raw: unknown, what: string): Signed<Partial<T>> {
  const { signed, signatures } = (raw ?? {}) as Partial<Signed>;
  const plausible =
    typeof signed === 'object' &&
    signed !== null &&
    Array.isArray(signatures) &&
    signatures.length <= 16 &&
    signatures.every((entry) => HEX_32.test(entry?.keyId));
  if (!plausible) throw new Untrusted('format', `${what}: expected a signed document`);
  return raw as Signed<Partial<T>>;
}

/**
 * Counts keys, not signatures: one key signing twice, or listed twice, is one voice (TUF 5.3.4, threshold).
 * @returns the ids of the keys that signed
 * @throws Untrusted ('signature') where they are too few
 */
export async function requireSignatures(
  { signed, signatures }: Signed,
  { keys, threshold }: TrustRoot,
  verifier: Verifier,
  what: string,
): Promise<string[]> {
  const byId = new Map<string, Uint8Array>();
  for (const key of keys) byId.set(await keyIdOf(key, verifier), fromHex(key));
  const message = signedBytes(signed);
  const agreed = new Set<string>();
  for (const { keyId, signature } of signatures) {
    const key = byId.get(keyId);
    if (key === undefined || agreed.has(keyId) || !HEX_64.test(signature)) continue;
    if (await verifier.verify(key, fromHex(signature), message)) agreed.add(keyId);
  }
  if (threshold >= 1 && agreed.size >= threshold) return [...agreed];
  throw new Untrusted(
    'signature',
    `${what}: expected valid signatures of ${threshold} of ${byId.size} trusted keys, got ${agreed.size}`,
  );
}
