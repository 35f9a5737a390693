import { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CsvRecord, readCsv } from '../../../trainer-server/import/csv.ts';

/** Reads a text that arrives in pieces of `chunk` bytes. */
async function read(
  text: string,
  chunk = 7,
): Promise<{ records: CsvRecord[]; refused: number[]; header: string[] }> {
  const bytes = Buffer.from(text);
  const pieces = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, i) =>
    bytes.subarray(i * chunk, (i + 1) * chunk),
  );
  const refused: number[] = [];
  const table = await readCsv(Readable.from(pieces), (error) => void refused.push(error.place.line!));
  const records: CsvRecord[] = [];
  for await (const block of table.records) records.push(...block);
  return { records, refused, header: table.header };
}

const fieldsOf = (records: readonly CsvRecord[]): string[][] => records.map((record) => record.fields);

describe('readCsv', () => {
  it('reads quoted commas, doubled quotes and line ends inside quotes, with the line each record begins on', async () => {
    const { records } = await read('a,b\n"1,2",x\n"say ""hi""","two\nlines"\nlast,one');
    expect(records.map(({ line, fields }) => [line, ...fields])).toEqual([
      [2, '1,2', 'x'],
      [3, 'say "hi"', 'two\nlines'],
      [5, 'last', 'one'],
    ]);
  });

  it('loses one line to a quote that never closes, and not the file behind it', async () => {
    const { records, refused } = await read('a,b\n1,x\n2,"broken\n3,y\n4,"fine, really"\n5,z\n');
    expect(fieldsOf(records)).toEqual([
      ['1', 'x'],
      ['3', 'y'],
      ['4', 'fine, really'],
      ['5', 'z'],
    ]);
    expect(refused).toEqual([3]);
  });

  it('takes an inch sign in an unquoted field as it stands', async () => {
    const { records, refused } = await read('a,b\n1,HOOK 3" LONG\n2,y\n');
    expect(fieldsOf(records)).toEqual([
      ['1', 'HOOK 3" LONG'],
      ['2', 'y'],
    ]);
    expect(refused).toEqual([]);
  });

  it('refuses records with too many or too few fields', async () => {
    const { records, refused } = await read('a,b\n1\n1,2,3\n1,2\n');
    expect([fieldsOf(records), refused]).toEqual([[['1', '2']], [2, 3]]);
  });

  it('finds out the delimiter from the header', async () => {
    for (const mark of [',', ';', '\t', '|']) {
      const { header, records } = await read(`a${mark}b\n1${mark}2\n`);
      expect([header, fieldsOf(records)]).toEqual([['a', 'b'], [['1', '2']]]);
    }
  });

  it('reads lines in windows-1252 beside lines in UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n1,café\n2,caf'), Buffer.from([0xe9]), Buffer.from('\n')]);
    const table = await readCsv(Readable.from([bytes]), () => undefined);
    const records: CsvRecord[] = [];
    for await (const block of table.records) records.push(...block);
    expect(fieldsOf(records)).toEqual([
      ['1', 'café'],
      ['2', 'café'],
    ]);
    expect(table.foreign()).toBe(1);
  });

  it('agrees with csv-parse on every well-formed table', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', ' ', ',', '"', '\n', 'é', '中') });
    const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(field, field), { maxLength: 8 }),
        fc.integer({ min: 1, max: 9 }),
        async (rows, chunk) => {
          const text = ['h1,h2', ...rows.map((row) => row.map(quoted).join(','))].join('\n');
          const { records, refused } = await read(text, chunk);
          expect(refused).toEqual([]);
          expect(fieldsOf(records)).toEqual(parse(text).slice(1));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('accounts for every line of every text', async () => {
    const unit = fc.constantFrom('a', ',', '"', '\n', 'b');
    await fc.assert(
      fc.asyncProperty(fc.string({ unit, maxLength: 60 }), async (body) => {
        const { records, refused } = await read(`h1,h2\n${body}`);
        const taken = records.reduce(
          (sum, record) => sum + record.text.split('\n').filter((line) => line.trim() !== '').length,
          0,
        );
        const lines = body.split('\n').filter((line) => line.trim() !== '').length;
        expect(taken + refused.length).toBe(lines);
      }),
      { numRuns: 300 },
    );
  });
});
