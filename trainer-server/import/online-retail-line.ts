/** One line of an Online Retail invoice: what it says, and what kind of line it is. */

import { BadInput, show } from '../../shared/errors.ts';

export interface InvoiceLine {
  kind: 'sale' | 'refund' | 'service' | 'adjustment';
  invoice: string;
  sku: string;
  description: string;
  quantity: number;
  /** Epoch ms; the file names no zone, so its clock is read as UTC. */
  ts: number;
  price: number;
  visitor: string;
  country: string;
}

/** The columns, as the first edition names them, and how the second edition (UCI 502) does. */
export const COLUMNS = {
  invoice: ['InvoiceNo', 'Invoice'],
  sku: ['StockCode'],
  description: ['Description'],
  quantity: ['Quantity'],
  ts: ['InvoiceDate'],
  price: ['UnitPrice', 'Price'],
  customer: ['CustomerID'],
  country: ['Country'],
} as const;

export type Column = keyof typeof COLUMNS;

/** Codes that are charges and bookings, not products; found in the data, with the description they carry. */
export const SERVICE_CODES: Readonly<Record<string, string>> = {
  POST: 'postage',
  DOT: 'dotcom postage',
  C2: 'carriage',
  M: 'manual',
  D: 'discount',
  S: 'samples',
  B: 'adjust bad debt',
  'BANK CHARGES': 'bank charges',
  AMAZONFEE: 'amazon fee',
  CRUK: 'charity commission',
  ADJUST: 'adjustment',
  ADJUST2: 'adjustment',
  TEST001: 'test',
  TEST002: 'test',
};

/**
 * @param field gives a column's text
 * @param normalised is told what was brought to one form
 * @throws BadInput naming the column
 */
export function readInvoiceLine(
  field: (column: Column) => string,
  normalised: (what: string) => void,
): InvoiceLine {
  const invoice = required(field('invoice'), 'InvoiceNo', 'an invoice number').toUpperCase();
  const code = required(field('sku'), 'StockCode', 'a stock code');
  const sku = code.toUpperCase();
  if (sku !== code) normalised('stock code to upper case');
  const quantity = number(field('quantity'), 'Quantity');
  const price = number(field('price'), 'UnitPrice');
  const ts = time(field('ts'));
  const customer = field('customer').trim().replace(/\.0$/, '');
  if (customer !== field('customer')) normalised('customer id without .0');
  const description = field('description').trim().replace(/\s+/g, ' ');
  if (description !== field('description')) normalised('description without extra spaces');
  const line = { invoice, sku, description, quantity, ts, price, country: field('country').trim() };
  const visitor = customer === '' ? `guest-${invoice}` : customer;
  return { ...line, visitor, kind: kindOf(line, customer === '') };
}

function kindOf(line: Omit<InvoiceLine, 'kind' | 'visitor'>, guest: boolean): InvoiceLine['kind'] {
  if (line.sku in SERVICE_CODES) return 'service';
  if (line.price < 0) throw new BadInput({ field: 'UnitPrice' }, 'a price, not below 0', show(line.price));
  if (line.quantity === 0) throw new BadInput({ field: 'Quantity' }, 'a quantity other than 0', '0');
  // Stock found, lost or thrown away is booked at price 0, to nobody; a free item goes to a customer.
  if (line.price === 0 && (guest || line.quantity < 0)) return 'adjustment';
  if (!line.invoice.startsWith('C')) return line.quantity < 0 ? 'refund' : 'sale';
  if (line.quantity > 0) {
    throw new BadInput({ field: 'Quantity' }, 'a quantity below 0 on a cancellation', show(line.quantity));
  }
  return 'refund';
}

function required(text: string, field: string, expected: string): string {
  const trimmed = text.trim();
  if (trimmed === '') throw new BadInput({ field }, expected, 'nothing');
  return trimmed;
}

function number(text: string, field: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value))
    throw new BadInput({ field }, 'a number', text === '' ? 'nothing' : show(text));
  if (field === 'Quantity' && !Number.isInteger(value))
    throw new BadInput({ field }, 'a whole number', show(text));
  return value;
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{1,2}):(\d{2})(?::(\d{2}))?$/;
/** As the UCI spreadsheet is exported by default: month first. */
const AMERICAN = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/;

function time(text: string): number {
  const iso = ISO.exec(text.trim());
  const american = iso === null ? AMERICAN.exec(text.trim()) : null;
  const [year, month, day, hour, minute, second] = (
    iso !== null
      ? iso.slice(1)
      : american !== null
        ? [american[3], american[1], american[2], ...american.slice(4)]
        : []
  ).map((part) => Number(part ?? 0));
  const ts = Date.UTC(year ?? Number.NaN, month! - 1, day, hour, minute, second);
  const back = new Date(ts);
  // 31 February rolls over to March: the parts must come back as they went in.
  if (
    Number.isNaN(ts) ||
    back.getUTCMonth() !== month! - 1 ||
    back.getUTCDate() !== day ||
    back.getUTCHours() !== hour
  ) {
    const expected = 'a time like 2010-12-01 08:26:00 or 12/1/2010 8:26';
    throw new BadInput({ field: 'InvoiceDate' }, expected, text === '' ? 'nothing' : show(text));
  }
  return ts;
}
