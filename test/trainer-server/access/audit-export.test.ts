import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { auditCsv, csvCell } from '../../../trainer-server/access/audit-export.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('the audit log as CSV', () => {
  it('is read back as it was, by an independent reader', () => {
    const store = openStore(temporaryFolder());
    store.audit.add({ at: 0, site: 's', who: 'Ann "A"', action: 'publish', detail: { note: 'a,b\n"c"' } });
    const rows = parse([...auditCsv(store.audit.rows())].join('\n'), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows.length).toBe(1);
    expect(rows[0]).toMatchObject({ seq: '1', at: '1970-01-01T00:00:00.000Z', who: 'Ann "A"' });
    expect(JSON.parse(rows[0]!.detail!)).toEqual({ note: 'a,b\n"c"' });
  });

  it('has no cell that a spreadsheet would run', () => {
    for (const cell of ['=cmd()', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1']) {
      expect((parse(csvCell(cell)) as string[][])[0]![0]).toBe(`'${cell}`);
    }
    expect(csvCell('plain text')).toBe('plain text');
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const [[cell]] = parse(csvCell(text)) as [[string]];
        expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
        expect([text, `'${text}`]).toContain(cell);
      }),
    );
  });
});
