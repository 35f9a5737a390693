/** A manifest's text, before anything in it is believed. */

import { Untrusted } from '../../shared/errors.ts';
import type { FileRole, Manifest, SignedManifest } from '../../shared/manifest.ts';
import { requireEnvelope, type Signed } from '../../shared/trust-signatures.ts';

export const MANIFEST_BYTES = 256 << 10;

/** What decides as well as a release can. The rest of it waits for the idle turn, on the device as on the way to it. */
const DECIDING: readonly FileRole[] = ['first-meta', 'first-tensors', 'catalogue', 'products'];

export type Envelope = Signed<Partial<Manifest>> & { root?: unknown };

/** @throws Untrusted for a text that is too long, no JSON, or not signed at all */
export function envelopeOf(text: string): Envelope {
  if (text.length > MANIFEST_BYTES) throw new Untrusted('size', 'manifest: expected at most 256 KiB');
  return requireEnvelope<Manifest>(json(text, 'manifest'), 'manifest');
}

/** @throws Untrusted ('format') for anything but JSON; `what` names it */
export function json(text: string | Uint8Array, what: string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : new TextDecoder().decode(text));
  } catch {
    throw new Untrusted('format', `${what}: expected JSON`);
  }
}

/** SHA-256, of a kept manifest's text: it was verified when it was kept and will be again. */
export function decidingFiles(text: string): string[] {
  const { files, stable } = (JSON.parse(text) as SignedManifest).signed;
  return [...files, ...(stable?.files ?? [])]
    .filter(({ role }) => DECIDING.includes(role))
    .map(({ sha256 }) => sha256);
}
