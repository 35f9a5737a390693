/**
 * Builds the SDK's files into dist/sdk. Each carries the hash of the one that it starts, so the last one comes first.
 *   promo-edge.js         the script tag (IIFE)
 *   index.js, types/      the npm entry (ES) and its declarations
 *   promo-edge-worker.js  what decides (IIFE, one file: it is started from a Blob, where nothing relative resolves)
 *   promo-edge-helper.js  what the first decision does without; the worker starts it in a worker of its own
 *   promo-edge-panel.js   the shopper's panel, where a shop wants it; panel.js is its npm entry (ES)
 *   inspect.js            npm entry for who runs the shop: releases opened, decisions replayed, releases swapped (ES)
 *   server.js             npm entry for the shop's own server: what everyone may see in the first paint (ES)
 *   promo-edge-listen.js  consent tools, further collectors: added to the pages that name them
 *   promo-edge-crypto.js  Ed25519 and SHA-256 for browsers without them, in a worker of its own
 *   ort*                  ONNX Runtime's builds, of which one is fetched when idle where a shop asks for it
 */

import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire, type SourceMapPayload } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type MinifyOutput, minify } from 'terser';
import * as valibot from 'valibot';
import { build } from 'vite';
import { newDraft } from './build-draft.ts';

const ROOT = join(import.meta.dirname, '..');

/** Schemas that a file does not use stand beside types that it does: without this they would all be kept. */
const schemaMakers = Object.keys(valibot).map((name) => `v.${name}`);

/** Three builds, of which a browser loads one. The default and /all builds bring an old WebGPU backend along. */
const ORT_FILES = ['ort.wasm.bundle.min.mjs', 'ort.jspi.bundle.min.mjs', 'ort.webgpu.bundle.min.mjs'].concat(
  ['', '.jspi', '.asyncify'].map((build) => `ort-wasm-simd-threaded${build}.wasm`),
);

/** Each file is put in place whole: a server that starts, or another build, may read the folder meanwhile. */
export async function buildSdk(out = join(ROOT, 'dist/sdk')): Promise<void> {
  await mkdir(out, { recursive: true });
  const draft = await newDraft(out);
  try {
    await buildFiles(draft);
    for (const file of await readdir(draft)) await rename(join(draft, file), join(out, file));
  } finally {
    await rm(draft, { recursive: true });
  }
}

async function buildFiles(out: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const define: Record<string, string> = { VERSION: JSON.stringify(version) };
  await bundle(out, 'sdk/helper/main.ts', 'promo-edge-helper.js', 'iife', define);
  define['HELPER_INTEGRITY'] = await integrityOf(join(out, 'promo-edge-helper.js'));
  await bundle(out, 'sdk/crypto.ts', 'promo-edge-crypto.js', 'iife', define);
  define['CRYPTO_INTEGRITY'] = await integrityOf(join(out, 'promo-edge-crypto.js'));
  await bundle(out, 'sdk/worker/main.ts', 'promo-edge-worker.js', 'iife', define);
  await squeeze(join(out, 'promo-edge-worker.js'));
  define['WORKER_INTEGRITY'] = await integrityOf(join(out, 'promo-edge-worker.js'));
  await bundle(out, 'sdk/page/listen.ts', 'promo-edge-listen.js', 'es', define);
  define['LISTEN_INTEGRITY'] = await integrityOf(join(out, 'promo-edge-listen.js'));
  await bundle(out, 'sdk/loader.ts', 'promo-edge.js', 'iife', define);
  await squeeze(join(out, 'promo-edge.js'));
  await bundle(out, 'sdk/index.ts', 'index.js', 'es', define);
  await bundle(out, 'sdk/panel/main.ts', 'promo-edge-panel.js', 'es', define);
  await bundle(out, 'sdk/panel/index.ts', 'panel.js', 'es', define);
  await bundle(out, 'sdk/inspect/index.ts', 'inspect.js', 'es', define);
  await bundle(out, 'sdk/server/index.ts', 'server.js', 'es', define);
  await copyOrt(out);
}

/** As source text. */
async function integrityOf(file: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(file));
  return JSON.stringify(`sha256-${hash.digest('base64')}`);
}

async function bundle(
  out: string,
  entry: string,
  file: string,
  format: 'es' | 'iife',
  define: Record<string, string>,
  sourcemap = false,
): Promise<void> {
  await build({
    configFile: false,
    root: ROOT,
    publicDir: false,
    logLevel: 'warn',
    define,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: 'es2022',
      minify: true,
      sourcemap,
      modulePreload: false,
      assetsInlineLimit: 0,
      // Not `lib`: its ES form keeps white space and comments.
      rolldownOptions: {
        input: join(ROOT, entry),
        preserveEntrySignatures: 'strict',
        optimization: { inlineConst: { mode: 'all', pass: 3 } },
        treeshake: { propertyReadSideEffects: false, manualPureFunctions: schemaMakers },
        output: { format, entryFileNames: file, codeSplitting: false, minify: true },
      },
    },
  });
}

/**
 * What every page waits for is minified once more: terser takes 0.8 KB (brotli) off what Vite's own minifier leaves of
 * loader and worker. `collapse_vars` and `comparisons` make them larger again: they tear apart what repeats.
 */
async function squeeze(file: string, sourceMap?: { content: string }): Promise<MinifyOutput> {
  const compress = { passes: 2, collapse_vars: false, comparisons: false };
  const squeezed = await minify(await readFile(file, 'utf8'), {
    ecma: 2022,
    compress,
    ...(sourceMap && { sourceMap }),
  });
  await writeFile(file, `${squeezed.code}\n`);
  return squeezed;
}

/** The worker's code as it ships, but for the hashes in it, and the map to its sources. @param out for its files */
export async function mappedWorker(out: string): Promise<{ code: string; map: SourceMapPayload }> {
  const file = 'promo-edge-worker.js';
  const hash = await integrityOf(import.meta.filename);
  const define = { VERSION: '""', HELPER_INTEGRITY: hash, CRYPTO_INTEGRITY: hash };
  await bundle(out, 'sdk/worker/main.ts', file, 'iife', define, true);
  const content = await readFile(join(out, `${file}.map`), 'utf8');
  const { code, map } = await squeeze(join(out, file), { content });
  return { code: code!, map: JSON.parse(map as string) };
}

async function copyOrt(out: string): Promise<void> {
  const dist = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  for (const file of ORT_FILES) await copyFile(join(dist, file), join(out, file));
}

/** Declarations of the npm entry and of what it names, into `types/`; sources are checked by their own rules alone. */
async function buildTypes(out = join(ROOT, 'dist/sdk/types')): Promise<void> {
  const options = ['--declaration', '--emitDeclarationOnly', '--noEmit', 'false', '--outDir', out].concat([
    ...['--rootDir', ROOT, '--target', 'ES2023', '--module', 'ESNext', '--moduleResolution', 'Bundler'],
    ...['--lib', 'ES2023,DOM,DOM.Iterable,DOM.AsyncIterable', '--strict', '--exactOptionalPropertyTypes'],
    ...['--allowImportingTsExtensions', '--verbatimModuleSyntax', '--skipLibCheck', '--ignoreConfig'],
  ]);
  const compiler = join(ROOT, 'node_modules/.bin/tsc');
  await promisify(execFile)(compiler, [join(ROOT, 'sdk/index.ts'), ...options]);
}

if (process.argv[1] === import.meta.filename) {
  await buildSdk();
  await buildTypes();
}
