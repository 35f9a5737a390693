/** model.safetensors of a published checkpoint: what other programs write and our own files never hold. */

import { BadInput } from '../../../shared/errors.ts';
import { readEntry, readHeader, type Tensor, type Tensors } from '../../../shared/tensors.ts';

/** Half-precision values are widened; 64-bit integers are position numbers, which no layer needs. */
export function readCheckpoint(bytes: Uint8Array, file = 'model.safetensors'): Tensors {
  const { header, start } = readHeader(bytes, file);
  const body = bytes.subarray(start);
  const out: Tensors = {};
  for (const [name, entry] of Object.entries(header)) {
    const { dtype } = Object(entry) as { dtype?: string };
    if (name === '__metadata__' || dtype === 'I64') continue;
    const widen = dtype === 'F16' ? halfToFloat : dtype === 'BF16' ? bfloatToFloat : undefined;
    const tensor = readEntry(
      name,
      widen === undefined ? entry : { ...Object(entry), dtype: 'U16' },
      body,
      file,
    );
    out[name] = widen === undefined ? tensor : widened(tensor, widen);
  }
  if (Object.keys(out).length === 0) throw new BadInput({ file }, 'tensors', 'none');
  return out;
}

function widened({ shape, data }: Tensor, widen: (bits: number) => number): Tensor<Float32Array> {
  return { shape, data: Float32Array.from(data, widen) };
}

/** IEEE 754 binary16. */
function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const word = new DataView(new ArrayBuffer(4));

/** The upper half of a float32. */
function bfloatToFloat(bits: number): number {
  word.setUint32(0, bits << 16);
  return word.getFloat32(0);
}
