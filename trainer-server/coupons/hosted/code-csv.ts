/** Pools of codes as CSV: one column `code`, which shop systems export and import. */

import { parse } from 'csv-parse/sync';
import { BadInput, show } from '../../../shared/errors.ts';

/** Longest code that the systems we know take. */
const LONGEST = 64;

/** Lines, the header among them. A code is quoted where a spreadsheet would take it for a formula. */
export function* codesToCsv(codes: readonly string[]): Generator<string> {
  yield 'code';
  for (const code of codes) yield /^[\w-]+$/.test(code) ? code : `"${code.replaceAll('"', '""')}"`;
}

/** The column `code` (any case), or the only one; each code once. @throws BadInput naming the line */
export function codesFromCsv(text: string): string[] {
  const rows = parse(text, { bom: true, skip_empty_lines: true, trim: true }) as string[][];
  const header = rows[0]?.map((name) => name.toLowerCase()) ?? [];
  const named = header.findIndex(
    (name) => name === 'code' || name === 'discount code' || name === 'coupon code',
  );
  if (named < 0 && header.length > 1) throw new BadInput({ line: 1 }, "a column 'code'", show(header));
  const codes = rows.slice(named < 0 ? 0 : 1).map((row, i) => {
    const code = row[Math.max(0, named)]!;
    if (code === '' || code.length > LONGEST || /^[=+@]/.test(code))
      throw new BadInput({ line: i + 2 }, `a code of 1 to ${LONGEST} characters`, show(code));
    return code;
  });
  return [...new Set(codes)];
}
