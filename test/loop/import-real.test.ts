import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { balances, importHere } from '../helpers/import-here.ts';
import { realData } from '../helpers/real-data.ts';

const REAL = realData('online_retail/to_2011-10.csv.gz');

describe('import of real data', () => {
  it.skipIf(!existsSync(REAL))(
    'reads Online Retail whole (skipped where ../shared/data is missing)',
    async () => {
      const { readFileSync } = await import('node:fs');
      const { report, rows } = await importHere('online-retail', { 'real.csv.gz': readFileSync(REAL) });
      // Counted by an independent script over the file: 431,673 lines.
      expect(report.stages[0]).toMatchObject({ in: 431_673, out: 431_673 });
      expect(balances(report)).toBe(true);
      const items = rows('events.jsonl').flatMap((event) => event.items);
      expect(items.length).toBeGreaterThan(400_000);
    },
  );
});
