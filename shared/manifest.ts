/** The signed manifest: what a release is made of. Everything else in a bundle is found by its hash. */

import * as v from 'valibot';
import { signaturesSchema, signedRootSchema } from './root.ts';

const hex64 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hex'));

/** `first`: needed for the first neural decision. `idle`: fetched afterwards, whole, by everyone, in this order. */
export const FILE_GROUPS = ['first', 'idle'] as const;

/** What a file is for. A bundle holds each role at most once. */
export const FILE_ROLES = [
  'first-meta', // first.json: FirstMeta
  'first-tensors', // first.safetensors: packed session encoder, Q head, most visited product vectors
  'session-onnx', // session.onnx: weight-only int8, for ONNX Runtime
  'head-onnx', // head.onnx: weight-only int8
  'text-onnx', // text.onnx: weight-only int8
  'text-tensors', // text.safetensors: the same weights, packed for the kernels
  'tokenizer', // tokenizer.json
  'catalogue', // catalogue.json: CatalogueFile
  'products', // products.safetensors: the whole table, int8
  'neighbours', // neighbours.safetensors: item-to-item
  'search', // search.safetensors
  'classify', // classify.safetensors
] as const;

export type FileRole = (typeof FILE_ROLES)[number];

/** What was trained, and how well: the part of a manifest that a canary has beside the release of everyone else. */
const content = {
  /** Price of one unit of (secretly scaled) budget cost, subtracted from Q. */
  budgetPrice: v.pipe(v.number(), v.minValue(0)),
  files: v.pipe(
    v.array(
      v.object({
        path: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]*$/, 'a plain file name')),
        role: v.picklist(FILE_ROLES),
        group: v.picklist(FILE_GROUPS),
        sha256: hex64,
        bytes: v.pipe(v.number(), v.integer(), v.minValue(0)),
      }),
    ),
    v.maxLength(32),
  ),
  /** What was trained: 'text', 'items', 'session', 'recommend', 'search', 'classify', 'policy'. */
  parts: v.array(v.string()),
  /** Largest differences between the forms of the same network, measured when the bundle was made. */
  parity: v.record(v.string(), v.number()),
  /** The verdict that let it out; absent on a bundle that was not judged yet. */
  verdict: v.optional(
    v.object({
      shipped: v.boolean(),
      against: v.string(),
      value: v.optional(v.number()),
      low: v.optional(v.number()),
      high: v.optional(v.number()),
      /** The gain that these decisions would have shown four times in five. */
      minimumDetectableEffect: v.optional(v.number()),
      /** Which candidate this was on the same held-out decisions. */
      tries: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
      reasons: v.array(v.string()),
    }),
  ),
};

const version = v.pipe(v.number(), v.integer(), v.minValue(1));

export const manifestSchema = v.object({
  format: v.literal(1),
  /** Rises with every release; going back is publishing old bytes under a higher number. */
  version,
  /** The root whose release keys signed it; absent where the pages pin the release keys themselves. */
  rootVersion: v.optional(version),
  featureVersion: v.pipe(v.number(), v.integer()),
  /** Epoch milliseconds. */
  created: v.number(),
  expires: v.number(),
  /** 'off' is the kill switch: no inference, the default promotion. */
  mode: v.picklist(['on', 'off']),
  /** Share of devices, by a salt that never leaves them, that take this release; 1 is everyone. */
  canaryShare: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  ...content,
  /**
   * What the other devices run beside a canary: the last release for everyone, under its own version. In the same
   * signed document, so that nobody can pair a canary with another one (mix-and-match attack).
   */
  stable: v.optional(v.object({ version, ...content })),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ManifestFile = Manifest['files'][number];

/** What travels: the manifest and signatures over its canonical JSON. */
export const signedManifestSchema = v.object({
  signed: manifestSchema,
  signatures: signaturesSchema,
  /** The root of `rootVersion`, signed by itself and those before: it saves a first visit one request. */
  root: v.optional(signedRootSchema),
});

export type SignedManifest = v.InferOutput<typeof signedManifestSchema>;
