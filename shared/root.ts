/**
 * The root document: which keys may sign manifests, and which may sign the next root. Kept offline, changed by its
 * own successor alone (TUF specification 1.0.33, 4.3 and 5.3; delegations are left out).
 */

import * as v from 'valibot';

const hex = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${2 * bytes}}$`)));

/** Keys, and how many different ones must have signed. */
export const keySetSchema = v.pipe(
  v.object({
    /** Ed25519 public keys: 32 bytes in lower-case hex. */
    keys: v.pipe(v.array(hex(32)), v.minLength(1), v.maxLength(16)),
    threshold: v.pipe(v.number(), v.integer(), v.minValue(1)),
  }),
  v.check(({ keys, threshold }) => threshold <= new Set(keys).size, 'a threshold that its keys can reach'),
);

export const rootSchema = v.object({
  /** Sets it apart from a manifest: a signature over the one never serves for the other. */
  type: v.literal('root'),
  format: v.literal(1),
  /** Rises by one each time. */
  version: v.pipe(v.number(), v.integer(), v.minValue(1)),
  /** Epoch milliseconds; devices believe no manifest beyond it. */
  expires: v.number(),
  /** Who may sign the next root. */
  root: keySetSchema,
  /** Who may sign manifests. */
  release: keySetSchema,
});

export const signaturesSchema = v.pipe(
  v.array(v.object({ keyId: hex(32), signature: hex(64) })),
  v.maxLength(16),
);

export const signedRootSchema = v.object({ signed: rootSchema, signatures: signaturesSchema });

export type KeySet = v.InferOutput<typeof keySetSchema>;
export type Root = v.InferOutput<typeof rootSchema>;
export type SignedRoot = v.InferOutput<typeof signedRootSchema>;
