/** The audit log for people with a spreadsheet. */

import type { ChainedEntry } from '../store/audit.ts';

const COLUMNS = ['seq', 'at', 'site', 'who', 'action', 'detail', 'previous', 'hash'] as const;

/** RFC 4180, with a header line. */
export function* auditCsv(entries: Iterable<ChainedEntry>): Generator<string> {
  yield COLUMNS.join(',');
  for (const entry of entries) {
    const row = { ...entry, at: new Date(entry.at).toISOString(), detail: JSON.stringify(entry.detail) };
    yield COLUMNS.map((column) => csvCell(String(row[column]))).join(',');
  }
}

/**
 * A cell that begins like a formula would be run by the spreadsheet that opens it (OWASP, CSV injection): a quote in
 * front makes it text.
 */
export function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) || inert !== text ? `"${inert.replaceAll('"', '""')}"` : inert;
}
