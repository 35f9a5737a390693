/** `POST /s/:site/orders`: what the shop's own server knows of sales, without one byte of behaviour. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { canonicalJson } from '../../shared/canonical.ts';
import { BadInput } from '../../shared/errors.ts';
import { read, timeSchema } from '../../shared/read.ts';
import { requireRole } from '../access/caller.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(200));

const orderSchema = v.object({
  /** Of the order, or of the refund: counts once. */
  id: text,
  kind: v.picklist(['purchase', 'refund']),
  ts: timeSchema,
  /** The shop's own name for its customer, where it wants to train across orders. */
  customer: v.optional(text),
  /** Of the visit that bought, as its grant names it. */
  sid: v.optional(text),
  items: v.pipe(
    v.array(
      v.object({
        sku: text,
        quantity: v.pipe(v.number(), v.minValue(0)),
        price: v.optional(v.pipe(v.number(), v.minValue(0))),
      }),
    ),
    v.maxLength(1000),
  ),
  value: v.optional(v.pipe(v.number(), v.minValue(0))),
  promotion: v.optional(text),
});

export type ReportedOrder = v.InferOutput<typeof orderSchema>;

const batchSchema = v.object({ orders: v.pipe(v.array(orderSchema), v.minLength(1), v.maxLength(500)) });

const count = v.pipe(v.number(), v.integer());

const OPERATION: Operation = {
  summary: 'What the shop sold and took back; an id counts once',
  body: batchSchema,
  answer: v.object({ accepted: count, duplicates: count }),
};

export function ordersRoute(store: Store, now: () => number): Hono {
  return new Hono().post('/s/:site/orders', describe(OPERATION), requireRole('shop-server'), async (c) => {
    const site = siteOf(c);
    const { orders } = read(batchSchema, await jsonBody(c));
    const accepted = store.transaction(
      () => orders.filter((order) => append(store, site, order, now())).length,
    );
    c.header('Cache-Control', 'no-store');
    return c.json({ accepted, duplicates: orders.length - accepted });
  });
}

/** @returns false where the same order is already there. @throws ApiError 409 where it says something else */
function append(store: Store, site: string, order: ReportedOrder, received: number): boolean {
  const body = canonicalJson(order);
  if (store.orders.append(site, { id: order.id, received, body })) return true;
  if (store.orders.find(site, order.id)?.body === body) return false;
  const { message } = new BadInput(
    { field: 'id' },
    'an order as it was first reported',
    `${order.id}, changed`,
  );
  throw new ApiError(409, 'conflict', message, 'id');
}
