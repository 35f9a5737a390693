import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../helpers/properties.ts';
import { BadInput } from '../../../shared/errors.ts';
import { tableScan } from '../../../shared/kernels/table-scan.ts';
import { dequantizeRows, type Quantized, quantizeRows } from '../../../shared/quantize.ts';
import { seeded } from '../../../shared/random.ts';
import { products, softmax } from '../../../shared/recommend/parts.ts';
import { topRows } from '../../../shared/recommend/top-rows.ts';

function tableOf(rows: number, width: number, seed: number): { table: Quantized; query: Float32Array } {
  const random = seeded(seed);
  const floats = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  return { table: quantizeRows({ shape: [rows, width], data: floats(rows * width) }), query: floats(width) };
}

const plainly = (table: Quantized, query: Float32Array): Float32Array =>
  softmax(products({ width: query.length, data: dequantizeRows(table).data }, query));

describe('tableScan', () => {
  it('says of every row what plain JavaScript says, and ranks alike', async () => {
    const shape = fc.tuple(fc.integer({ min: 1, max: 70 }), fc.constantFrom(16, 32, 64, 128), fc.nat());
    await fc.assert(
      fc.asyncProperty(shape, async ([rows, width, seed]) => {
        const { table, query } = tableOf(rows, width, seed);
        const [fast, plain] = [(await tableScan(table))(query), plainly(table, query)];
        expect(fast).toHaveLength(rows);
        for (let row = 0; row < rows; row++)
          expect(Math.abs(fast[row]! - plain[row]!)).toBeLessThan(1e-4 * plain[row]! + 1e-12);
        expect(topRows(fast, 5)).toEqual(topRows(plain, 5));
      }),
      { numRuns: 40 },
    );
  });

  it('holds the sum of many rows at one, one query after another', async () => {
    const { table, query } = tableOf(20_001, 64, 7);
    const scan = await tableScan(table);
    const first = scan(query);
    const other = scan(query.map((x) => 12 * x));
    expect(first.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
    expect(other.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 3);
    expect(scan(query)).toEqual(first);
  });

  it('refuses widths that it cannot read sixteen at a time, and tables beyond its memory', async () => {
    await expect(tableScan(tableOf(3, 24, 1).table)).rejects.toThrow(/multiple of 16/);
    const int8 = { shape: [2 ** 20, 80], data: new Int8Array(2 ** 20 * 80) };
    const scale = { shape: [1], data: new Float32Array(1) };
    await expect(tableScan({ int8, scale })).rejects.toThrow(BadInput);
  });
});
