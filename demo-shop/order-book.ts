/** What the till has sold, for its returns: one line of JSON an order in a file that is only added to. */

import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import type { Order } from '../trainer-server/client/index.ts';

export interface Sold {
  report: Order;
  /** Ids of what its codes redeemed. */
  redemptions: string[];
}

export interface OrderBook {
  /** On the disk when it returns. The same order again changes nothing. */
  add(order: string, sold: Sold): void;
  find(order: string): Sold | undefined;
}

/** @param path of the file; in memory alone where absent */
export function openOrderBook(path?: string): OrderBook {
  const orders = new Map(path !== undefined && existsSync(path) ? linesOf(readFileSync(path, 'utf8')) : []);
  return {
    add(order, sold) {
      if (orders.has(order)) return;
      if (path !== undefined) append(path, `\n${JSON.stringify({ order, ...sold })}`);
      orders.set(order, sold);
    },
    find: (order) => orders.get(order),
  };
}

function append(path: string, line: string): void {
  const file = openSync(path, 'a');
  try {
    appendFileSync(file, line);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * What a crash cut off is no line: that order was never acknowledged, and is placed again under its own name. Lines begin
 * with their break, so that what is cut off spoils none after it.
 */
function* linesOf(text: string): Generator<[string, Sold]> {
  for (const line of text.split('\n')) {
    try {
      const { order, ...sold } = JSON.parse(line) as Sold & { order: string };
      yield [order, sold];
    } catch {}
  }
}
