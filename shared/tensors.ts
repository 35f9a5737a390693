/**
 * Named tensors in one file: the safetensors layout (8-byte little-endian header length, JSON header, raw
 * little-endian data), used for checkpoints, for the kernels' packed weights and for tables.
 * Source: https://github.com/huggingface/safetensors#format
 */

import { BadInput, show } from './errors.ts';

export type TensorData = Float32Array | Int8Array | Uint8Array | Int32Array | Uint16Array;

export interface Tensor<D extends TensorData = TensorData> {
  shape: readonly number[];
  data: D;
}

export type Tensors = Record<string, Tensor>;

const KINDS = {
  F32: Float32Array,
  I32: Int32Array,
  I8: Int8Array,
  U8: Uint8Array,
  U16: Uint16Array,
} as const;

/** Header bytes beyond this are refused: a hostile file must not make us parse gigabytes of JSON. */
const LARGEST_HEADER = 4 << 20;

/** One file's bytes. Tensors are sorted by name and aligned to 16 bytes, so equal content gives equal bytes. */
export function writeTensors(tensors: Tensors, metadata: Record<string, string> = {}): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let offset = 0;
  const names = Object.keys(tensors).sort();
  for (const name of names) {
    const { data, shape } = tensors[name]!;
    checkShape(name, shape, data.length);
    header[name] = { dtype: dtypeOf(data), shape, data_offsets: [offset, offset + data.byteLength] };
    offset = aligned(offset + data.byteLength);
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = aligned(8 + json.length);
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.fill(0x20, 8, start);
  bytes.set(json, 8);
  for (const name of names) {
    const { data } = tensors[name]!;
    const [from] = (header[name] as { data_offsets: [number, number] }).data_offsets;
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + from);
  }
  return bytes;
}

/**
 * The tensors of a file, as views where the alignment allows and copies where not.
 * @throws BadInput for a header, dtype, shape or offset that does not hold; nothing is read beyond the bytes
 */
export function readTensors(bytes: Uint8Array, file = 'tensors'): Tensors {
  const { header, start } = readHeader(bytes, file);
  const out: Tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    out[name] = readEntry(name, entry, bytes.subarray(start), file);
  }
  return out;
}

/** The free-form metadata of a file. */
export function readTensorMetadata(bytes: Uint8Array, file = 'tensors'): Record<string, string> {
  return (readHeader(bytes, file).header.__metadata__ ?? {}) as Record<string, string>;
}

/** A named tensor that must exist with this shape. @throws BadInput */
export function tensorOf(tensors: Tensors, name: string, shape?: readonly number[]): Tensor {
  const tensor = tensors[name];
  if (tensor === undefined) throw new BadInput({ field: name }, 'a tensor of this name', 'none');
  if (shape !== undefined && tensor.shape.join() !== shape.join()) {
    throw new BadInput({ field: name }, `shape [${shape}]`, `[${tensor.shape}]`);
  }
  return tensor;
}

/** The JSON header, and where the tensors' bytes begin. @throws BadInput */
export function readHeader(
  bytes: Uint8Array,
  file: string,
): { header: Record<string, unknown>; start: number } {
  if (bytes.length < 8) throw new BadInput({ file }, 'at least 8 bytes', `${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const length = view.getUint32(4, true) * 2 ** 32 + view.getUint32(0, true);
  const start = 8 + length;
  if (length > LARGEST_HEADER || start > bytes.length) {
    throw new BadInput({ file }, 'a header within the file', `${length} bytes of ${bytes.length}`);
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start));
    // Object() turns a header of null or a number into one without entries.
    return { header: Object(JSON.parse(text)), start };
  } catch {
    throw new BadInput({ file }, 'a JSON header', 'something else');
  }
}

/** One tensor of a header, from the bytes after it. @throws BadInput */
export function readEntry(name: string, entry: unknown, body: Uint8Array, file: string): Tensor {
  if (!isEntry(entry)) {
    throw new BadInput({ file, field: name }, 'dtype, shape and data_offsets', show(entry));
  }
  const { dtype, shape, data_offsets: offsets } = entry;
  const Kind = Object.hasOwn(KINDS, dtype) ? KINDS[dtype] : undefined;
  if (Kind === undefined)
    throw new BadInput({ file, field: name }, `dtype ${Object.keys(KINDS).join('|')}`, `${dtype}`);
  const [from, to] = offsets;
  if (!(from >= 0 && to >= from && to <= body.length)) {
    throw new BadInput({ file, field: name }, `offsets within ${body.length}`, `${offsets}`);
  }
  const count = (to - from) / Kind.BYTES_PER_ELEMENT;
  checkShape(name, shape, count);
  const at = body.byteOffset + from;
  const data =
    at % Kind.BYTES_PER_ELEMENT === 0
      ? new Kind(body.buffer as ArrayBuffer, at, count)
      : new Kind(body.slice(from, to).buffer as ArrayBuffer);
  return { shape, data };
}

interface Entry {
  dtype: keyof typeof KINDS;
  shape: number[];
  data_offsets: [number, number];
}

function isEntry(entry: unknown): entry is Entry {
  const { shape, data_offsets: offsets } = (entry ?? {}) as Partial<Entry>;
  return (
    Array.isArray(shape) && Array.isArray(offsets) && offsets.length === 2 && offsets.every(Number.isInteger)
  );
}

function checkShape(name: string, shape: readonly number[], count: number): void {
  const product = shape.reduce((n, d) => n * d, 1);
  if (product !== count || shape.some((d) => !Number.isInteger(d) || d < 0)) {
    throw new BadInput({ field: name }, `shape [${shape}] to hold ${product} values`, `${count}`);
  }
}

function dtypeOf(data: TensorData): string {
  for (const [name, Kind] of Object.entries(KINDS)) if (data instanceof Kind) return name;
  throw new TypeError('tensors: expected one of the supported typed arrays');
}

const aligned = (n: number): number => (n + 15) & ~15;
