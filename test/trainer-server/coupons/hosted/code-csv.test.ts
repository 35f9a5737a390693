import { describe, expect, it } from 'vitest';
import { codesFromCsv, codesToCsv } from '../../../../trainer-server/coupons/hosted/code-csv.ts';

describe('codes as CSV', () => {
  it('go out and come back', () => {
    const codes = ['ABCDE-12345', 'summer "26"', 'x'];
    expect(codesFromCsv([...codesToCsv(codes)].join('\n'))).toEqual(codes);
  });

  it('are found by their column, or as the only one, each once', () => {
    expect(codesFromCsv('\uFEFFid,Code,used\r\n1,AAA,0\r\n2,BBB,0\r\n3,AAA,0\r\n')).toEqual(['AAA', 'BBB']);
    expect(codesFromCsv('AAA\nBBB\n')).toEqual(['AAA', 'BBB']);
  });

  it('are refused where they are none', () => {
    expect(() => codesFromCsv('a,b\n1,2\n')).toThrow(/line 1: expected a column 'code'/);
    expect(() => codesFromCsv('code\n=1+1\n')).toThrow(/line 2: expected a code/);
    expect(() => codesFromCsv(`code\n${'x'.repeat(65)}\n`)).toThrow(/line 2/);
  });
});
