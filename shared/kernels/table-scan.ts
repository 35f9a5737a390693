/** The whole product table against one query, on a kernel of its own that only ranking needs. */

import { BadInput } from '../errors.ts';
import type { Quantized } from '../quantize.ts';
import { bytesOf } from './binary-text.ts';
import { scan } from './generated/binaries.ts';
import { KernelMemory } from './kernels.ts';

/** Exports of assembly/scan.ts. */
interface Scan {
  scanRows(table: number, scale: number, query: number, out: number, rows: number, width: number): void;
  softmaxRows(x: number, count: number): void;
}

/** Below every score, and far enough that its share is nothing. */
const NO_ROW = -1e30;

/**
 * What `softmax(products(vectors, query))` of shared/recommend/parts.ts gives, [rows], an eighth of the time or less.
 * @param table [rows, width], a scale a row
 * @throws BadInput for a width that is no multiple of 16 or tables beyond 64 MiB; WebAssembly.CompileError where there
 * is no SIMD, or where the page's policy forbids WebAssembly
 */
export async function tableScan({ int8, scale }: Quantized): Promise<(query: Float32Array) => Float32Array> {
  const [rows, width] = int8.shape as [number, number];
  if (width % 16 !== 0 || width === 0)
    throw new BadInput({ field: 'products' }, 'a width that is a multiple of 16', `${width}`);
  const memory = new KernelMemory();
  const module = await WebAssembly.compile(bytesOf(scan));
  const { exports } = await WebAssembly.instantiate(module, { env: { memory: memory.memory } });
  const { scanRows, softmaxRows } = exports as unknown as Scan;
  const table = memory.put(int8.data, memory.allocate(int8.data.length));
  const scales = memory.put(scale.data);
  const asked = memory.floats(width);
  const padded = (rows + 3) & ~3;
  const out = memory.floats(padded);
  return (query) => {
    memory.view(asked, width).set(query.subarray(0, width));
    scanRows(table, scales, asked, out, rows, width);
    memory.view(out, padded).fill(NO_ROW, rows);
    softmaxRows(out, padded);
    return memory.view(out, rows).slice();
  };
}
