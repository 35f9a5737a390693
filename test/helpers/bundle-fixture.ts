/** A signed release with random weights of the real shapes: what it decides means nothing, how it travels does. */

import { createHash } from 'node:crypto';
import type { CatalogueFile, FirstMeta, ProductColumns, PublicPromotion } from '../../shared/bundle.ts';
import { EXPLORATION } from '../../shared/choose.ts';
import { actionWidth } from '../../shared/features/actions.ts';
import { contextWidth } from '../../shared/features/context.ts';
import type { FusionSpec } from '../../shared/features/product-vector.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { FEATURE_VERSION } from '../../shared/features/vocabulary.ts';
import type { FileRole, Manifest, SignedManifest } from '../../shared/manifest.ts';
import { Q_HEAD, type QHeadConfig, qHeadShapes } from '../../shared/models/q-head.ts';
import { SESSION_ENCODER, sessionEncoderShapes } from '../../shared/models/session-encoder.ts';
import type { TextEncoderConfig } from '../../shared/models/text-encoder.ts';
import type { Adaptation } from '../../shared/policy/adaptation.ts';
import { packParameters, quantizeRows } from '../../shared/quantize.ts';
import { seeded } from '../../shared/random.ts';
import { type Tensors, writeTensors } from '../../shared/tensors.ts';
import { FIRST_PRODUCTS, FIRST_VECTORS } from '../../trainer-server/encoders/export-encoders.ts';
import { sessionOnnx } from '../../trainer-server/encoders/session-export.ts';
import type { TokenizerFile } from '../../trainer-server/encoders/tokenizer.ts';
import { packedParameters } from '../../trainer-server/graph/index.ts';
import { headOnnx } from '../../trainer-server/policy/q-network.ts';
import { type Parameters, randomParameters } from './random-parameters.ts';
import { type SigningKey, signingKey, signManifest } from './signing.ts';

export interface Fixture {
  signed: SignedManifest;
  /** Published files by SHA-256. */
  files: Map<string, Uint8Array>;
  key: SigningKey;
}

export interface TextFixture {
  config: TextEncoderConfig;
  parameters: Parameters;
  tokenizer: TokenizerFile;
}

export interface FixtureOptions {
  key?: SigningKey;
  version?: number;
  seed?: number;
  /** Products in the whole table; the first group has as many of them as a real release. */
  products?: number;
  /** Of the first products; p0, p1, ... where absent. */
  skus?: readonly string[];
  relations?: CatalogueFile['relations'];
  /** Those of the test shop where absent. */
  promotions?: PublicPromotion[];
  /** Devices learn nothing on where absent. */
  adaptation?: Adaptation;
  law?: FirstMeta['law'];
  manifest?: Partial<Manifest>;
  /** The graphs for ONNX Runtime too. */
  onnx?: boolean;
  /** A text encoder, for products that are shown by a page alone. */
  text?: TextFixture;
}

/** Of the test shop's promotions. A purchase after a promotion speaks for it, loudly. */
export const ADAPTING: Adaptation = {
  bound: 3,
  windowMs: 86_400_000,
  click: 1,
  purchase: 3,
  expected: { none: 0.1, 'ten-off': 0.2, 'tea-20': 0.2, 'free-shipping': 0.2 },
  noise: 0.1,
  kinds: {
    level: { variance: 0.1, worth: 0 },
    shown: { variance: 0.1, worth: 1 },
    off: { variance: 0.1, worth: 1 },
    type: { variance: 0.1, worth: 1 },
    own: { variance: 0.5, worth: 1 },
  },
};

const PROMOTIONS: PublicPromotion[] = [
  {
    id: 'ten-off',
    terms: { type: 'fixed_amount', amount: 1000, minimum: 3000 },
    creative: {
      en: { title: '10 off', text: 'From 30 up', url: '/offers' },
      zh: { title: '减 10', text: '满 30' },
    },
  },
  { id: 'tea-20', terms: { type: 'percentage', percent: 20 }, scope: { category: 'Tea' } },
  {
    id: 'free-shipping',
    terms: { type: 'free_shipping' },
    creative: { title: 'Free shipping', text: 'Today' },
  },
];

/** The skus of the fixture's products, where nothing else is said: p0, p1, ... */
const columns = (count: number, { skus = [] }: FixtureOptions): ProductColumns => ({
  sku: Array.from({ length: count }, (_, i) => skus[i] ?? `p${i}`),
  price: Array.from({ length: count }, (_, i) => 100 + 37 * (i % 200)),
  category: Array.from({ length: count }, (_, i) => i % 2),
  brand: Array.from({ length: count }, () => -1),
  categories: [
    ['Kitchen', 'Tea'],
    ['Kitchen', 'Mugs'],
  ],
  brands: [],
});

const SPEC: FeatureSpec = {
  version: FEATURE_VERSION,
  attributes: [],
  slots: ['home', 'cart'],
  promotions: ['none', ...PROMOTIONS.map((promotion) => promotion.id)],
  categories: ['tea', 'mugs'],
  words: [],
  priceEdges: Array.from({ length: 15 }, (_, i) => 500 * (i + 1)),
  priceScale: 3000,
};

/** How a product without a row gets its vector. */
export const FUSION: FusionSpec = {
  width: SESSION_ENCODER.productWidth,
  textMean: Array.from({ length: SESSION_ENCODER.productWidth }, (_, i) => (i % 5) / 50),
  priceEdges: SPEC.priceEdges,
  rating: { mean: 4, deviation: 1 },
  popularity: { mean: 0, deviation: 1 },
};

export async function bundleFixture(options: FixtureOptions = {}): Promise<Fixture> {
  const { version = 1, seed = 1, products = 400, key = signingKey(), promotions = PROMOTIONS } = options;
  const random = seeded(seed);
  const first = Math.min(FIRST_PRODUCTS, products);
  const head: QHeadConfig = {
    sessionWidth: SESSION_ENCODER.width,
    contextWidth: contextWidth(SPEC),
    actionWidth: actionWidth(SPEC),
    ...Q_HEAD,
  };
  const meta: FirstMeta = {
    shop: { currency: 'EUR', locale: 'en', attributes: {}, slots: ['home', 'cart'] },
    features: SPEC,
    session: SESSION_ENCODER,
    head,
    promotions,
    ...(options.law === undefined ? {} : { law: options.law }),
    // Without a price of budget it changes nothing but the bytes: every file differs between seeds.
    budgetCost: { 'ten-off': seed },
    exploration: EXPLORATION,
    ...(options.adaptation === undefined ? {} : { adaptation: options.adaptation }),
    products: columns(first, options),
  };
  const table = productTensors(products, random);
  const session = randomParameters(sessionEncoderShapes(SESSION_ENCODER), random);
  const policy = randomParameters(qHeadShapes(head), random);
  const firstTensors: Tensors = {
    ...packParameters(session),
    ...packParameters(policy),
    'head.unit': { shape: [2], data: Float32Array.of(0, 1) },
    ...firstRows(table, Math.min(FIRST_VECTORS, products)),
  };
  const catalogue: CatalogueFile = {
    ...(options.text === undefined ? {} : { text: options.text.config }),
    products: {
      ...columns(products, options),
      title: Array.from({ length: products }, (_, i) => `Product ${i} of ${seed}`),
      available: Array.from({ length: products }, () => 1),
    },
    fusion: FUSION,
    ...(options.relations === undefined ? {} : { relations: options.relations }),
  };
  return published({ version, key, manifest: options.manifest }, [
    { path: 'first.safetensors', role: 'first-tensors', group: 'first', bytes: writeTensors(firstTensors) },
    { path: 'first.json', role: 'first-meta', group: 'first', bytes: json(meta) },
    { path: 'catalogue.json', role: 'catalogue', group: 'idle', bytes: json(catalogue) },
    { path: 'products.safetensors', role: 'products', group: 'idle', bytes: writeTensors(table) },
    ...(options.onnx ? onnxDrafts(session, policy, head) : []),
    ...(options.text ? textDrafts(options.text) : []),
  ]);
}

interface Draft {
  path: string;
  role: FileRole;
  group: 'first' | 'idle';
  bytes: Uint8Array;
}

async function published(
  { version, key, manifest }: { version: number; key: SigningKey; manifest: Partial<Manifest> | undefined },
  drafts: readonly Draft[],
): Promise<Fixture> {
  const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
  const files = drafts.map(({ path, role, group, bytes }) => ({
    path,
    role,
    group,
    sha256: sha(bytes),
    bytes: bytes.length,
  }));
  const now = Date.now();
  const signed: Manifest = {
    format: 1,
    version,
    featureVersion: FEATURE_VERSION,
    created: now,
    expires: now + 86_400_000,
    mode: 'on',
    canaryShare: 1,
    budgetPrice: 0,
    files,
    parts: ['session', 'policy'],
    parity: {},
    ...manifest,
  };
  return {
    signed: await signManifest(signed, [key]),
    files: new Map(drafts.map(({ bytes }) => [sha(bytes), bytes])),
    key,
  };
}

function onnxDrafts(session: Parameters, policy: Parameters, head: QHeadConfig): Draft[] {
  const unit = { offset: 0, scale: 1 };
  return [
    {
      path: 'session.onnx',
      role: 'session-onnx',
      group: 'idle',
      bytes: sessionOnnx(packedParameters(packParameters(session)), SESSION_ENCODER),
    },
    {
      path: 'head.onnx',
      role: 'head-onnx',
      group: 'idle',
      bytes: headOnnx(packedParameters(packParameters(policy)), head, unit),
    },
  ];
}

function textDrafts({ parameters, tokenizer }: TextFixture): Draft[] {
  const tensors = writeTensors(packParameters(parameters));
  return [
    { path: 'tokenizer.json', role: 'tokenizer', group: 'idle', bytes: json(tokenizer) },
    { path: 'text.safetensors', role: 'text-tensors', group: 'idle', bytes: tensors },
  ];
}

function productTensors(rows: number, random: ReturnType<typeof seeded>): Tensors {
  const width = SESSION_ENCODER.productWidth;
  const data = Float32Array.from({ length: rows * width }, () => random.normal() / Math.sqrt(width));
  const { int8, scale } = quantizeRows({ shape: [rows, width], data });
  return { products: int8, 'products.scale': scale };
}

/** The first rows of a table. */
function firstRows(table: Tensors, rows: number): Tensors {
  const { products, 'products.scale': scale } = table as {
    products: Tensors[string];
    'products.scale': Tensors[string];
  };
  const width = products.shape[1]!;
  return {
    products: { shape: [rows, width], data: products.data.slice(0, rows * width) },
    'products.scale': { shape: [rows], data: scale.data.slice(0, rows) },
  };
}

const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
