/** Tables of comma-separated values (RFC 4180), with the line number of every record and no line lost. */

import type { Readable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import { BadInput, show } from '../../shared/errors.ts';
import { type LineBlock, textLines } from '../dataset/text-lines.ts';

export interface CsvRecord {
  line: number;
  fields: string[];
  /** As it stood in the file. */
  text: string;
}

export interface CsvTable {
  header: string[];
  /** In blocks, for speed. */
  records: AsyncGenerator<CsvRecord[]>;
  /** Lines so far that were not UTF-8. */
  foreign(): number;
}

/** A quoted field may hold line ends; one that never closes must not swallow the file. */
const MOST_LINES_OF_A_RECORD = 32;
const DELIMITERS = [',', ';', '\t', '|'];

/**
 * @param refuse gets every record whose quotes or number of fields are wrong, a physical line at a time
 * @throws BadInput on an empty file, binary data, or a header of a single column
 */
export async function readCsv(
  source: Readable,
  refuse: (error: BadInput, text: string) => void,
): Promise<CsvTable> {
  const blocks = textLines(source);
  let foreign = 0;
  const head = await firstBlock(blocks);
  foreign += head.foreign;
  const delimiter = delimiterOf(head.lines[0]!);
  const header = parseLine(head.lines[0]!, delimiter)?.map((name) => name.trim());
  if (header === undefined || header.length < 2) {
    throw new BadInput(
      { line: head.first },
      'a header of column names, separated by commas',
      show(head.lines[0]),
    );
  }
  const records = async function* (): AsyncGenerator<CsvRecord[]> {
    const splitter = new RecordSplitter(delimiter, header.length, refuse);
    yield splitter.take(head.first + 1, head.lines.slice(1));
    for await (const block of blocks) {
      foreign += block.foreign;
      yield splitter.take(block.first, block.lines);
    }
    yield splitter.end();
  };
  return { header, records: records(), foreign: () => foreign };
}

/** Skips blank lines before the header. */
async function firstBlock(blocks: AsyncGenerator<LineBlock>): Promise<LineBlock> {
  for (;;) {
    const next = await blocks.next();
    if (next.done === true) throw new BadInput({}, 'a header and rows', 'an empty file');
    const at = next.value.lines.findIndex((line) => line.trim() !== '');
    if (at !== -1) return { ...next.value, first: next.value.first + at, lines: next.value.lines.slice(at) };
  }
}

/** The one that cuts the header into most pieces. */
function delimiterOf(header: string): string {
  const pieces = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[pieces.indexOf(Math.max(...pieces))]!;
}

function parseLine(text: string, delimiter: string, relaxed = false): string[] | undefined {
  try {
    const rows = parse(text, { delimiter, relax_column_count: true, relax_quotes: relaxed });
    return rows.length === 1 ? rows[0] : undefined;
  } catch {
    return undefined;
  }
}

/** Joins physical lines to records: RFC 4180 closes a record where its quotes are even in number. */
class RecordSplitter {
  private readonly open: { line: number; text: string }[] = [];

  constructor(
    private readonly delimiter: string,
    private readonly width: number,
    private readonly refuse: (error: BadInput, text: string) => void,
  ) {}

  take(first: number, lines: readonly string[]): CsvRecord[] {
    const out: CsvRecord[] = [];
    lines.forEach((text, i) => {
      if (this.open.length > 0 || text.includes('"')) this.quoted(first + i, text, out);
      else if (text.trim() !== '') this.finish(first + i, text, text.split(this.delimiter), out);
    });
    return out;
  }

  end(): CsvRecord[] {
    const out: CsvRecord[] = [];
    while (this.open.length > 0) this.giveUpFirst(out);
    return out;
  }

  private quoted(line: number, text: string, out: CsvRecord[]): void {
    this.open.push({ line, text });
    const joined = this.open.map((part) => part.text).join('\n');
    if (quotes(joined) % 2 === 0) {
      const fields = parseLine(joined, this.delimiter);
      if (fields?.length === this.width) {
        out.push({ line: this.open[0]!.line, fields, text: joined });
        this.open.length = 0;
        return;
      }
      this.giveUpFirst(out);
    } else if (this.open.length >= MOST_LINES_OF_A_RECORD) this.giveUpFirst(out);
  }

  /** The oldest open line cannot be the start of a record; the lines after it are looked at afresh. */
  private giveUpFirst(out: CsvRecord[]): void {
    const [bad, ...rest] = this.open.splice(0);
    // A stray quote in an unquoted field, as in `HOOK 3" LONG`, is taken as it stands.
    const fields = parseLine(bad!.text, this.delimiter, true);
    if (fields?.length === this.width) out.push({ line: bad!.line, fields, text: bad!.text });
    else if (fields !== undefined && quotes(bad!.text) % 2 === 0)
      this.finish(bad!.line, bad!.text, fields, out);
    else {
      const expected = 'each quoted field to close, quotes inside it doubled';
      this.refuse(new BadInput({ line: bad!.line }, expected, show(bad!.text)), bad!.text);
    }
    for (const part of rest) out.push(...this.take(part.line, [part.text]));
  }

  private finish(line: number, text: string, fields: string[], out: CsvRecord[]): void {
    if (fields.length === this.width) out.push({ line, fields, text });
    else
      this.refuse(
        new BadInput({ line }, `${this.width} fields, as in the header`, `${fields.length}: ${show(text)}`),
        text,
      );
  }
}

function quotes(text: string): number {
  let n = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) n++;
  return n;
}
