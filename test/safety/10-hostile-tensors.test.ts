import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../shared/errors.ts';
import { readTensors } from '../../shared/tensors.ts';

/** A safetensors file with this header and so many bytes behind it. */
function tensorFile(header: unknown, bytes: number, length?: bigint): Uint8Array {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const out = new Uint8Array(8 + json.length + bytes);
  new DataView(out.buffer).setBigUint64(0, length ?? BigInt(json.length), true);
  out.set(json, 8);
  return out;
}

describe('safety 10: hostile tensors', () => {
  const entry = (change: object) => ({ w: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change } });

  it('are refused where they reach beyond their file, overstate their shape or are of no known type', () => {
    expect(readTensors(tensorFile(entry({}), 8)).w!.data.length).toBe(2);
    for (const change of [
      { data_offsets: [0, 2 ** 40] },
      { data_offsets: [4, 12] },
      { data_offsets: [-8, 0] },
      { data_offsets: [8, 0] },
      { data_offsets: [0.5, 8.5] },
      { data_offsets: ['0', '8'] },
      { data_offsets: [0, 8, 16] },
      { shape: [2 ** 31, 2 ** 31] },
      { shape: [-1, -2] },
      { shape: [Number.MAX_SAFE_INTEGER] },
      { shape: ['2'] },
      { shape: null },
      { dtype: 'F8' },
      { dtype: '__proto__' },
      { dtype: 'constructor' },
    ])
      expect(() => readTensors(tensorFile(entry(change), 8)), JSON.stringify(change)).toThrow(BadInput);
  });

  it('are refused with a header that is too long, cut off or no JSON', () => {
    for (const file of [
      new Uint8Array(7),
      tensorFile(entry({}), 8, 2n ** 63n),
      tensorFile(entry({}), 8, 2n ** 32n),
      tensorFile(entry({}), 0, 4096n),
      tensorFile('{"w":', 8),
      tensorFile('\u0000', 8),
    ])
      expect(() => readTensors(file)).toThrow(BadInput);
  });

  it('do not reach the prototype of anything', () => {
    const text = '{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}';
    readTensors(tensorFile(text, 8));
    expect(({} as Record<string, unknown>).dtype).toBeUndefined();
  });

  it('are answered with a BadInput or read, whatever bytes they are made of', () => {
    const good = tensorFile(entry({}), 8);
    const attempt = (bytes: Uint8Array): void => {
      try {
        readTensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(BadInput);
      }
    };
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.nat(255), (at, byte) => {
        const bytes = good.slice();
        bytes[at] = byte;
        attempt(bytes);
      }),
      { numRuns: 2000 },
    );
  });
});
