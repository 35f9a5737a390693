import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../shared/errors.ts';
import { readTensorMetadata, readTensors, tensorOf, writeTensors } from '../../shared/tensors.ts';

describe('named tensors', () => {
  it('writes the safetensors layout', () => {
    const bytes = writeTensors({ x: { shape: [2], data: new Float32Array([1, -2]) } });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    expect(header).toEqual({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    // 1.0f and -2.0f, little endian (IEEE 754).
    expect([...bytes.subarray(8 + length, 16 + length)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });

  it('gives back every kind, at any alignment of the bytes', () => {
    const tensors = {
      a: { shape: [3], data: new Int8Array([-128, 0, 127]) },
      b: { shape: [1, 2], data: new Int32Array([-1, 2 ** 31 - 1]) },
      c: { shape: [0, 4], data: new Float32Array(0) },
      d: { shape: [2], data: new Uint16Array([1, 65535]) },
      e: { shape: [], data: new Float32Array([3]) },
    };
    const bytes = writeTensors(tensors, { made: 'here' });
    const shifted = new Uint8Array(bytes.length + 1);
    shifted.set(bytes, 1);
    for (const copy of [bytes, shifted.subarray(1)]) {
      expect(readTensors(copy)).toEqual(tensors);
      expect(readTensorMetadata(copy)).toEqual({ made: 'here' });
    }
  });

  it('gives equal bytes for equal content in another order', () => {
    const a = { shape: [1], data: new Uint8Array([1]) };
    const b = { shape: [1], data: new Uint8Array([2]) };
    expect(writeTensors({ a, b })).toEqual(writeTensors({ b, a }));
  });

  it('refuses hostile files and never reads beyond them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          readTensors(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(BadInput);
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['an offset past the end', { x: { dtype: 'F32', shape: [4], data_offsets: [0, 16] } }],
    ['a shape that holds more than the bytes', { x: { dtype: 'F32', shape: [1e9], data_offsets: [0, 8] } }],
    ['a dtype of the prototype chain', { x: { dtype: 'constructor', shape: [2], data_offsets: [0, 8] } }],
    ['a negative offset', { x: { dtype: 'U8', shape: [9], data_offsets: [-1, 8] } }],
    ['an entry that is no object', { x: null }],
  ])('refuses %s', (_, header) => {
    const json = new TextEncoder().encode(JSON.stringify(header));
    const bytes = new Uint8Array(8 + json.length + 8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
    bytes.set(json, 8);
    expect(() => readTensors(bytes, 'evil.safetensors')).toThrow(BadInput);
  });

  it('asks for a tensor by name and shape', () => {
    const tensors = { w: { shape: [2, 3], data: new Float32Array(6) } };
    expect(tensorOf(tensors, 'w', [2, 3])).toBe(tensors.w);
    expect(() => tensorOf(tensors, 'w', [3, 2])).toThrow(/w: expected shape \[3,2\], found \[2,3\]/);
    expect(() => tensorOf(tensors, 'v')).toThrow(/v: expected a tensor of this name/);
  });
});
