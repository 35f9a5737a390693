/**
 * Compiles shared/kernels/assembly to WebAssembly, held as strings in shared/kernels/generated/binaries.ts so that
 * the worker's bundle, Node and the tests load it alike, without a request. Does nothing when that is up to date.
 */

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { textOf } from '../shared/kernels/binary-text.ts';

const ROOT = join(import.meta.dirname, '..');
const SOURCES = join(ROOT, 'shared/kernels/assembly');
const TARGET = join(ROOT, 'shared/kernels/generated');

const SIMD = ['--enable', 'simd'];
const BINARIES = [
  { name: 'core', source: 'core.ts', features: SIMD },
  { name: 'scan', source: 'scan.ts', features: SIMD },
  { name: 'dot', source: 'dot.ts', features: SIMD },
  { name: 'dotRelaxed', source: 'dot.ts', features: [...SIMD, '--enable', 'relaxed-simd'] },
] as const;

/** The memory is the only import: no allocator, no abort, no bounds checks of assertions. */
const OPTIONS = ['-O3s', '--runtime', 'stub', '--importMemory', '--noExportMemory'].concat([
  '--noAssert',
  '--use',
  'abort=',
  '--zeroFilledMemory',
]);

export async function buildKernels(): Promise<void> {
  const stamp = `// ${sourceHash()}\n`;
  const target = join(TARGET, 'binaries.ts');
  if (firstLine(target) === stamp) return;
  let code = `${stamp}/** Built by sdk/build-kernels.ts. As text (binary-text.ts): brotli packs that to little more than the WebAssembly itself, base64 to half as much again. */\n`;
  for (const { name, source, features } of BINARIES) {
    const wasm = await compile(source, [...OPTIONS, ...features]);
    code += `export const ${name} = ${JSON.stringify(textOf(wasm))};\n`;
  }
  mkdirSync(TARGET, { recursive: true });
  // Two test runs may build at once: a reader sees the old file or the new one, never half of one.
  const temporary = `${target}.${process.pid}`;
  writeFileSync(temporary, code);
  renameSync(temporary, target);
}

async function compile(source: string, options: readonly string[]): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [source, '--baseDir', SOURCES, '--outFile', 'out.wasm', ...options],
    {
      readFile: (name, base) => readOrNull(join(base, name)),
      writeFile: (_name, contents) => {
        wasm = contents as Uint8Array;
      },
    },
  );
  if (error !== null || wasm === undefined) {
    throw new Error(`${source}: asc failed: ${error?.message ?? 'no output'}\n${stderr.toString()}`);
  }
  return wasm;
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Of the sources, of this script and the text's, and of the compiler's version. */
function sourceHash(): string {
  const hash = createHash('sha256')
    .update(asc.version)
    .update(readFileSync(import.meta.filename))
    .update(readFileSync(join(ROOT, 'shared/kernels/binary-text.ts')));
  for (const file of readdirSync(SOURCES).sort()) hash.update(file).update(readFileSync(join(SOURCES, file)));
  return hash.digest('hex');
}

function firstLine(file: string): string | undefined {
  const text = readOrNull(file);
  return text?.slice(0, text.indexOf('\n') + 1);
}

if (process.argv[1] === import.meta.filename) await buildKernels();
