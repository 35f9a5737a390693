import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BadInput } from '../../shared/errors.ts';
import {
  dequantizeColumns,
  dequantizeRows,
  packingOf,
  packParameters,
  quantizeColumns,
  quantizeRows,
  unpackParameters,
} from '../../shared/quantize.ts';

const tensor = (shape: number[], values: number[]) => ({ shape, data: Float32Array.from(values) });

describe('int8 quantization', () => {
  it('gives a matrix one scale an output column', () => {
    const { int8, scale } = quantizeColumns(tensor([2, 3], [127, -2.54, 0, 63.5, 1.24, 0]));
    expect([...scale.data]).toEqual([1, Math.fround(0.02), 1]);
    expect([...int8.data]).toEqual([127, -127, 0, 64, 62, 0]);
  });

  it('gives a table one scale a row', () => {
    const { int8, scale } = quantizeRows(tensor([2, 2], [254, -127, 1, 0.5]));
    expect([...scale.data]).toEqual([2, Math.fround(1 / 127)]);
    expect([...int8.data]).toEqual([127, -63, 127, 64]);
  });

  it('gives a table coarser steps where they are asked for', () => {
    const { int8, scale } = quantizeRows(tensor([1, 3], [63, -31.4, 0.6]), 'table', 63);
    expect([...scale.data]).toEqual([1]);
    expect([...int8.data]).toEqual([63, -31, 1]);
  });

  it('gives a coarser table scales of eight significant bits, rounded up', () => {
    const { int8, scale } = quantizeRows(tensor([2, 2], [1.26, -0.63, 0, 0]), 'table', 63);
    // .02 is 163.84 / 2^13, and the next of these numbers 164 / 2^13; 1.26 of it are 62.94.
    expect([...scale.data]).toEqual([164 / 2 ** 13, 1]);
    expect([...int8.data]).toEqual([63, -31, 0, 0]);
  });

  it('is off by half a step at most, and never leaves -127..127', () => {
    const values = fc.array(fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }), {
      minLength: 12,
      maxLength: 12,
    });
    fc.assert(
      fc.property(values, (list) => {
        const given = tensor([3, 4], list);
        for (const [quantized, back, group] of [
          [quantizeColumns(given), dequantizeColumns(quantizeColumns(given)), (i: number) => i % 4],
          [quantizeRows(given), dequantizeRows(quantizeRows(given)), (i: number) => Math.floor(i / 4)],
        ] as const) {
          given.data.forEach((value, i) => {
            const step = quantized.scale.data[group(i)]!;
            expect(Math.abs(quantized.int8.data[i]!)).toBeLessThanOrEqual(127);
            expect(Math.abs(back.data[i]! - value)).toBeLessThanOrEqual(step * 0.5001 + 1e-30);
          });
        }
      }),
    );
  });

  it('gives the same integers again when a dequantized matrix is quantized', () => {
    const first = quantizeColumns(tensor([3, 2], [0.3, -1.5, 0.11, 0.7, -0.29, 1.1]));
    expect([...quantizeColumns(dequantizeColumns(first)).int8.data]).toEqual([...first.int8.data]);
  });

  it('refuses what is not a finite matrix', () => {
    expect(() => quantizeColumns(tensor([1, 2], [1, Number.NaN]), 'head.s1.w')).toThrow(
      /head.s1.w.*finite.*NaN/,
    );
    expect(() => quantizeRows(tensor([2], [1, 2]))).toThrow(BadInput);
    const one = { int8: { shape: [1, 2], data: new Int8Array(2) }, scale: tensor([1], [1]) };
    expect(() => dequantizeColumns(one)).toThrow(/2 finite scales/);
  });
});

describe('packed parameters', () => {
  it('quantize multiplied matrices by column, gathered tables by row, and leave vectors alone', () => {
    expect(packingOf('session.product', [64, 64])).toBe('columns');
    expect(packingOf('session.l0.qkv.w', [64, 192])).toBe('columns');
    expect(packingOf('session.query', [512, 64])).toBe('rows');
    expect(packingOf('products', [100, 64])).toBe('rows');
    expect(packingOf('session.l0.qkv.b', [192])).toBe('plain');
  });

  it('come back under the same names and shapes', () => {
    const packed = packParameters({
      'text.token': tensor([2, 3], [1, 2, 3, 40, 50, 60]),
      'text.project': tensor([2, 2], [1, 20, 3, 40]),
      'text.lnf.g': tensor([2], [0.1, 0.2]),
    });
    expect(Object.keys(packed).sort()).toEqual([
      'text.lnf.g',
      'text.project',
      'text.project.scale',
      'text.token',
      'text.token.scale',
    ]);
    const back = unpackParameters(packed);
    expect(back['text.token']!.shape).toEqual([2, 3]);
    expect(back['text.token']!.data[5]).toBeCloseTo(60, 4);
    expect(back['text.project']!.data[3]).toBeCloseTo(40, 4);
    expect([...back['text.lnf.g']!.data]).toEqual([Math.fround(0.1), Math.fround(0.2)]);
  });

  it('are refused where a scale is missing', () => {
    expect(() => unpackParameters({ m: { shape: [1, 1], data: new Int8Array(1) } })).toThrow(/m.scale/);
  });
});
