import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balances, importHere } from '../../helpers/import-here.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const csv = (...lines: string[]): string => `${[HEADER, ...lines].join('\n')}\n`;

describe('online-retail', () => {
  it('makes one purchase of an invoice, worked by hand', async () => {
    const { rows, report } = await importHere('online-retail', {
      'a.csv': csv(
        '536365,85123A,WHITE HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom',
        '536365,71053,"LANTERN, WHITE",2,2010-12-01 08:26:00,3.39,17850.0,United Kingdom',
        '536365,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom',
      ),
    });
    expect(rows('events.jsonl')).toEqual([
      {
        visitor: '17850',
        session: '17850:1291191960000',
        ts: '2010-12-01T08:26:00.000Z',
        name: 'purchase',
        items: [
          { sku: '85123A', quantity: 6, price: 2.55 },
          { sku: '71053', quantity: 2, price: 3.39 },
        ],
        value: 22.08,
        attributes: { invoice: '536365', country: 'United Kingdom', charges: 18 },
      },
    ]);
    expect(rows('products.jsonl').map(({ sku, title, price }) => [sku, title, price])).toEqual([
      ['71053', 'LANTERN, WHITE', 3.39],
      ['85123A', 'WHITE HEART', 2.55],
    ]);
    expect(report.notes).toContain('service lines, postage: 1');
    expect(balances(report)).toBe(true);
  });

  it('turns cancellations into refunds, not rejects', async () => {
    const { rows, rejects } = await importHere('online-retail', {
      'a.csv': csv(
        '1,A1,MUG,3,2011-01-01 10:00:00,2,7,France',
        'C2,A1,MUG,-1,2011-01-05 10:00:00,2,7,France',
      ),
    });
    expect(
      rows('events.jsonl').map(({ name, visitor, items, value }) => [name, visitor, items, value]),
    ).toEqual([
      ['purchase', '7', [{ sku: 'A1', quantity: 3, price: 2 }], 6],
      ['refund', '7', [{ sku: 'A1', quantity: 1, price: 2 }], 2],
    ]);
    expect(rejects).toEqual([]);
  });

  it('gives every guest invoice a visitor of its own, and books stock adjustments to nobody', async () => {
    const { rows, report } = await importHere('online-retail', {
      'a.csv': csv(
        '1,A1,MUG,1,2011-01-01 10:00:00,2,,France',
        '2,A1,MUG,1,2011-01-01 10:00:00,2,,France',
        '3,A1,damaged,-9,2011-01-02 10:00:00,0,,France',
        '4,A1,found,9,2011-01-02 10:00:00,0,,France',
        '5,A1,MUG,1,2011-01-02 10:00:00,0,8,France',
      ),
    });
    expect(rows('events.jsonl').map((event) => event.visitor)).toEqual(['guest-1', 'guest-2', '8']);
    expect(report.stages.find((stage) => stage.stage === 'lines that are no items')?.removed).toEqual({
      service: 0,
      'stock adjustment': 2,
    });
  });

  it('adds up a product that an invoice lists twice, but drops a line that was exported twice', async () => {
    const { rows, report } = await importHere('online-retail', {
      'a.csv': csv(
        '1,A1,MUG,1,2011-01-01 10:00:00,2,7,France',
        '1,A1,MUG,4,2011-01-01 10:00:00,2,7,France',
        '1,A1,MUG,4,2011-01-01 10:00:00,2,7,France',
      ),
    });
    expect(rows('events.jsonl')[0].items).toEqual([{ sku: 'A1', quantity: 5, price: 2 }]);
    expect(report.stages.find((stage) => stage.stage === 'exact duplicate lines')?.removed).toEqual({
      duplicate: 1,
    });
  });

  it('takes the commonest description and the median of the recent prices', async () => {
    const day = (n: number, text: string, price: number) =>
      `${n},a1,${text},1,2011-01-${String(n).padStart(2, '0')} 10:00:00,${price},7,France`;
    const { rows } = await importHere('online-retail', {
      'a.csv': csv(
        day(1, 'MUG', 2),
        day(2, 'MUG', 3),
        day(3, 'mug?', 300),
        day(4, '', 3),
        day(5, 'MUG', 2.5),
      ),
    });
    // Prices 2, 2.5, 3, 3, 300: the median is 3, whatever the mistyped one.
    expect(rows('products.jsonl')).toEqual([{ sku: 'A1', title: 'MUG', price: 3 }]);
  });

  it('rejects impossible values with file, line, field, expected and found', async () => {
    const { rejects, rows, report } = await importHere('online-retail', {
      'a.csv': csv(
        '1,A1,MUG,1,2011-01-01 10:00:00,2,7,France',
        '2,A1,MUG,many,2011-01-01 10:00:00,2,7,France',
        '3,A1,MUG,1,2011-02-31 10:00:00,2,7,France',
        '4,A1,MUG,1,2011-01-01 10:00:00,-2,7,France',
        '5,A1,MUG,0,2011-01-01 10:00:00,2,7,France',
        'C6,A1,MUG,1,2011-01-01 10:00:00,2,7,France',
        '7,,MUG,1,2011-01-01 10:00:00,2,7,France',
        '8,A1,MUG,1,2011-01-01 10:00:00,2,7',
      ),
    });
    rejects.sort((left, right) => left.line - right.line);
    expect(rejects.map(({ line, field }) => [line, field])).toEqual([
      [3, 'Quantity'],
      [4, 'InvoiceDate'],
      [5, 'UnitPrice'],
      [6, 'Quantity'],
      [7, 'Quantity'],
      [8, 'StockCode'],
      [9, undefined],
    ]);
    expect(rejects[0]).toMatchObject({ expected: 'a number', found: '"many"' });
    expect(rejects[0].file).toMatch(/a\.csv$/);
    expect(rejects[6]).toMatchObject({ expected: '8 fields, as in the header' });
    expect(rows('events.jsonl')).toHaveLength(1);
    expect(balances(report)).toBe(true);
  });

  it('reads gzip, CRLF, a byte order mark, other header names and American dates alike', async () => {
    const plain = await importHere('online-retail', {
      'a.csv': csv('1,A1,MUG,1,2010-12-01 08:26:00,2,7,France'),
    });
    const other = [
      '\uFEFFInvoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country',
      '1,A1,MUG,1,12/1/2010 8:26,2,7.0,France',
      '',
    ].join('\r\n');
    const odd = await importHere('online-retail', { 'a.csv.gz': gzipSync(other) });
    expect(odd.rows('events.jsonl')).toEqual(plain.rows('events.jsonl'));
    expect(odd.rows('products.jsonl')).toEqual(plain.rows('products.jsonl'));
  });

  it('imports the same file again without doubling anything', async () => {
    const file = {
      'a.csv': csv(
        '1,A1,MUG,1,2010-12-01 08:26:00,2,7,France',
        'C2,A1,MUG,-1,2010-12-02 08:26:00,2,7,France',
      ),
    };
    const once = await importHere('online-retail', file);
    const events = once.rows('events.jsonl');
    const twice = await importHere('online-retail', file, once.dir);
    expect(twice.rows('events.jsonl')).toEqual(events);
    expect(twice.rows('products.jsonl')).toHaveLength(1);
  });

  for (const [what, content, error] of [
    ['an empty file', '', /a\.csv: expected at least one row, found an empty file/],
    ['blank lines', '\n\n', /a\.csv: expected a header and rows, found an empty file/],
    ['a header alone', `${HEADER}\n`, /a\.csv: expected at least one invoice line, found a header alone/],
    [
      'a missing column',
      'InvoiceNo,StockCode\n1,A\n',
      /a\.csv, line 1, Description: expected a column Description/,
    ],
    [
      'binary data',
      Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 10, 0]),
      /a\.csv, line 1: expected text in UTF-8, found a zero byte/,
    ],
    [
      'half a gzip file',
      gzipSync(csv('1,A1,MUG,1,2010-12-01 08:26:00,2,7,France')).subarray(0, 60),
      /a\.csv, line 1: expected a whole gzip file/,
    ],
  ] as const) {
    it(`refuses ${what}, naming the file`, async () => {
      await expect(importHere('online-retail', { 'a.csv': content })).rejects.toThrow(error);
    });
  }

  it('loses no line: every one becomes an item, a charge, an adjustment, a duplicate or a reject', async () => {
    const line = fc.tuple(
      fc.constantFrom('1', '2', 'C3', 'A4', ''),
      fc.constantFrom('A1', 'a1', 'B2', 'POST', 'M', ''),
      fc.constantFrom('MUG', '"MUG, BIG"', 'HOOK 3" LONG', '"broken', ''),
      fc.constantFrom('1', '-2', '0', 'x', '1.5'),
      fc.constantFrom('2010-12-01 08:26:00', '12/1/2010 8:26', 'soon'),
      fc.constantFrom('2', '0', '-1', '', '2.555'),
      fc.constantFrom('', '7.0', '8'),
      fc.constantFrom('France', 'EIRE,extra'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 12 }), async (lines) => {
        const { report, rejects } = await importHere('online-retail', {
          'a.csv': csv(...lines.map((fields) => fields.join(','))),
        });
        expect(balances(report)).toBe(true);
        const read = report.stages[0]!;
        expect(read.in).toBe(lines.length);
        expect(rejects).toHaveLength(read.removed.rejected!);
      }),
      { numRuns: 10 },
    );
  });
});
