/** `/admin/sites/:site/personal-data/...`: what one person gave, handed out or erased. Ids stand in bodies, never in addresses. */

import { type Context, Hono } from 'hono';
import * as v from 'valibot';
import { read } from '../../shared/read.ts';
import { requireRole } from '../access/caller.ts';
import { dataOf, forgetPerson } from '../access/forget.ts';
import type { Person } from '../store/personal-data.ts';
import type { Store } from '../store/store.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
const personSchema = v.pipe(
  v.strictObject({
    visitor: v.optional(name),
    trajectories: v.optional(v.pipe(v.array(name), v.maxLength(1000))),
    customer: v.optional(name),
  }),
  v.check(
    (person) => Object.values(person).some((value) => value !== undefined),
    'visitor, trajectories or customer',
  ),
);

const rows = v.array(v.unknown());

const EXPORT: Operation = {
  summary: "All that is kept of a device's consented decisions, and of a customer's orders and coupons",
  body: personSchema,
  answer: v.object({ trajectories: rows, orders: rows, coupons: rows }),
};
const ERASE: Operation = {
  summary: 'Erases them, and says how many there were',
  body: personSchema,
  answer: v.object({ trajectories: v.number(), orders: v.number(), coupons: v.number() }),
};

/** For the shop's server, which knows whom it talks to, and for an administrator. */
export function personalDataRoute(store: Store, now: () => number): Hono {
  const allowed = requireRole('admin', 'shop-server');
  return new Hono()
    .post('/admin/sites/:site/personal-data/export', describe(EXPORT), allowed, async (c) => {
      const site = siteOf(c);
      c.header('Cache-Control', 'no-store');
      return c.json(dataOf(store, site, await personOf(c)));
    })
    .post('/admin/sites/:site/personal-data/erase', describe(ERASE), allowed, async (c) => {
      const site = siteOf(c);
      const person = await personOf(c);
      c.header('Cache-Control', 'no-store');
      return c.json(forgetPerson(store, site, person, now(), c.get('caller').owner));
    });
}

const personOf = async (c: Context): Promise<Person> => read(personSchema, await jsonBody(c));
