/** UCI Online Retail (doi 10.24432/C5BW33): invoice lines of a British gift shop become purchases and refunds. */

import { basename } from 'node:path';
import { BadInput, placed, show } from '../../shared/errors.ts';
import type { Cell, Engine } from '../dataset/duckdb.ts';
import { openMaybeGzip } from '../dataset/lines.ts';
import { runStage } from '../dataset/stages.ts';
import { type CsvTable, readCsv } from './csv.ts';
import type { ImportContext, Importer, SourceFile } from './importer.ts';
import {
  COLUMNS,
  type Column,
  type InvoiceLine,
  readInvoiceLine,
  SERVICE_CODES,
} from './online-retail-line.ts';
import { countUp } from './quality.ts';

export const onlineRetail: Importer = {
  format: 'online-retail',
  summary:
    'UCI Online Retail: InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country',
  shop: { currency: 'GBP', locale: 'en-GB' },
  async run(files, context) {
    const { engine, report } = context;
    await runStage(engine, 'online-retail/00-lines');
    const lines = await engine.appender('invoice_line');
    const reader = { seq: 0, lines, services: {} as Record<string, number> };
    for (const file of files) await readLines(file, reader, context);
    lines.close();
    await runStage(engine, 'online-retail/10-exact-duplicates');
    await countLines(engine, context);
    report.notes.push(...Object.entries(reader.services).map(([what, n]) => `service lines, ${what}: ${n}`));
    await runStage(engine, 'online-retail/20-invoices');
    await addInvoices(context);
    await runStage(engine, 'online-retail/30-products');
    await addProducts(context);
    report.notes.push('times carry no zone: read as UTC');
  },
};

interface LineReader {
  seq: number;
  lines: { add(cells: readonly Cell[]): void };
  /** Lines per kind of service. */
  services: Record<string, number>;
}

async function readLines(file: SourceFile, reader: LineReader, context: ImportContext): Promise<void> {
  const { report } = context;
  const stage = context.progress.stage(`read ${basename(file.path)}`);
  let rows = 0;
  let rejected = 0;
  const refuse = (error: BadInput, text: string): void => {
    rows++;
    rejected++;
    context.reject(placed(error, { file: file.path }), text);
  };
  const table = await inFile(file, async () => readCsv(await openMaybeGzip(file.path), refuse));
  const place = await inFile(file, async () => placesOf(table));
  const normalised = (what: string): void => countUp(report.normalised, what);
  await inFile(file, async () => {
    for await (const block of table.records) {
      for (const record of block) {
        try {
          const line = readInvoiceLine((column) => record.fields[place[column]]!, normalised);
          keep(line, file.path, record.line, reader);
          rows++;
        } catch (error) {
          if (!(error instanceof BadInput)) throw error;
          refuse(placed(error, { line: record.line }), record.text);
        }
      }
      stage.update(rows, `${rows} lines, ${rejected} rejected`);
      context.signal.throwIfAborted();
    }
  });
  if (rows === 0) throw new BadInput({ file: file.path }, 'at least one invoice line', 'a header alone');
  if (table.foreign() > 0) countUp(report.normalised, 'lines read as windows-1252', table.foreign());
  stage.end(`${rows} lines, ${rejected} rejected`);
  report.files.push({ file: file.path, bytes: file.bytes, rows });
  report.stages.push({
    stage: `read ${basename(file.path)}`,
    unit: 'lines',
    in: rows,
    out: rows - rejected,
    removed: { rejected },
  });
}

/** Complaints about what is read inside name the file. */
async function inFile<T>({ path }: SourceFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof BadInput ? placed(error, { file: path }) : error;
  }
}

function keep(line: InvoiceLine, file: string, at: number, reader: LineReader): void {
  reader.seq++;
  if (line.kind === 'service') countUp(reader.services, SERVICE_CODES[line.sku]!);
  const { kind, invoice, sku, description, quantity, ts, price, visitor, country } = line;
  reader.lines.add([
    reader.seq,
    file,
    at,
    kind,
    invoice,
    sku,
    description,
    quantity,
    ts,
    price,
    visitor,
    country,
  ]);
}

/** Where each column stands. Case and spaces of the header do not matter. */
function placesOf(table: CsvTable): Record<Column, number> {
  const plain = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');
  const header = table.header.map(plain);
  const places = Object.entries(COLUMNS).map(([column, names]) => {
    const at = header.findIndex((name) => (names as readonly string[]).map(plain).includes(name));
    if (at !== -1) return [column, at];
    const found = `columns ${show(table.header.join(', '))}`;
    throw new BadInput({ line: 1, field: names[0] }, `a column ${names.join(' or ')}`, found);
  });
  return Object.fromEntries(places);
}

/** Which lines became items of events, and why the others did not. */
async function countLines(engine: Engine, { report }: ImportContext): Promise<void> {
  const read = await engine.number('select count(*) from invoice_line');
  const distinct = await engine.number('select count(*) from line_distinct');
  const kinds: Record<string, number> = {};
  for await (const block of engine.rows(
    'select line_distinct.kind as kind, cast(count(*) as double) as n from line_distinct group by line_distinct.kind',
  ))
    for (const row of block) kinds[row.kind as string] = row.n as number;
  const unit = 'lines';
  report.stages.push(
    {
      stage: 'exact duplicate lines',
      unit,
      in: read,
      out: distinct,
      removed: { duplicate: read - distinct },
    },
    {
      stage: 'lines that are no items',
      unit,
      in: distinct,
      out: (kinds.sale ?? 0) + (kinds.refund ?? 0),
      removed: { service: kinds.service ?? 0, 'stock adjustment': kinds.adjustment ?? 0 },
    },
  );
  report.notes.push(`items sold: ${kinds.sale ?? 0} lines, refunded: ${kinds.refund ?? 0} lines`);
}

const INVOICES = `
select invoice_head.invoice as invoice, invoice_head.visitor as visitor, invoice_head.ts as ts,
  invoice_head.file as file, invoice_head.first_line as line, invoice_head.country as country,
  invoice_head.charges as charges, invoice_item.kind as kind, invoice_item.sku as sku,
  invoice_item.price as price, invoice_item.quantity as quantity
from invoice_item
inner join invoice_head on invoice_head.invoice = invoice_item.invoice and invoice_head.visitor = invoice_item.visitor
order by invoice_head.ts, invoice_head.first_seq, invoice_item.kind, invoice_item.item_seq`;

/** Items arrive in the order of their events: each run of equal invoice and kind is one event. */
async function addInvoices({ engine, sink, signal }: ImportContext): Promise<void> {
  let run: Record<string, Cell>[] = [];
  const end = (): void => {
    const head = run[0];
    if (head === undefined) return;
    sink.add('event', invoiceEvent(head, run), { file: head.file as string, line: head.line as number });
    run = [];
  };
  for await (const block of engine.rows(INVOICES)) {
    for (const row of block) {
      const head = run[0];
      if (
        head !== undefined &&
        (head.invoice !== row.invoice || head.visitor !== row.visitor || head.kind !== row.kind)
      )
        end();
      run.push(row);
    }
    signal.throwIfAborted();
  }
  end();
}

function invoiceEvent(head: Record<string, Cell>, items: readonly Record<string, Cell>[]): object {
  const value = items.reduce((sum, item) => sum + (item.price as number) * (item.quantity as number), 0);
  return {
    visitor: head.visitor,
    ts: head.ts,
    name: head.kind === 'sale' ? 'purchase' : 'refund',
    items: items.map(({ sku, quantity, price }) => ({ sku, quantity, price })),
    value: pence(value),
    attributes: {
      invoice: head.invoice,
      country: head.country,
      ...(head.charges === 0 ? {} : { charges: pence(head.charges as number) }),
    },
  };
}

const pence = (pounds: number): number => Math.round(pounds * 100) / 100;

/** Most ordered first. */
async function addProducts({ engine, sink }: ImportContext): Promise<void> {
  const sql = `select sku, title, price from sold_product order by orders desc, sku`;
  for await (const block of engine.rows(sql)) {
    for (const { sku, title, price } of block) {
      const product = { sku, title: title ?? '', ...(price === null ? {} : { price }) };
      sink.add('product', product, { file: 'products' });
    }
  }
}
