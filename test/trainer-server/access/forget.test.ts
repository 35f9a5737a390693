import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgetPerson } from '../../../trainer-server/access/forget.ts';
import { openStore, type Store } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

const add = (store: Store, site: string, id: string, visitor: string): void =>
  void store.trajectories.append(site, {
    id,
    received: 0,
    body: JSON.stringify({ id, visitor, history: [] }),
  });
const order = (store: Store, site: string, id: string, customer?: string): void =>
  void store.orders.append(site, { id, received: 0, body: JSON.stringify({ id, customer }) });
const ids = (store: Store, site: string): string[] => [...store.trajectories.lines(site)].map(({ id }) => id);

describe('forgetting a person', () => {
  it('erases exactly the lines of that visitor, those ids and that customer, at that site', () => {
    const store = openStore(temporaryFolder());
    for (const [id, visitor] of [
      ['1', 'ann'],
      ['2', 'bob'],
      ['3', 'ann'],
      ['4', 'cid'],
    ] as const) {
      add(store, 's', id, visitor);
      add(store, 't', id, visitor);
    }
    order(store, 's', 'o1', 'ann');
    order(store, 's', 'o2', 'c-1');
    order(store, 's', 'o3');
    expect(store.personalData.find('s', { visitor: 'ann', customer: 'c-1' })).toEqual({
      trajectories: [
        { id: '1', visitor: 'ann', history: [] },
        { id: '3', visitor: 'ann', history: [] },
      ],
      orders: [{ id: 'o2', customer: 'c-1' }],
      coupons: [],
    });
    expect(forgetPerson(store, 's', { visitor: 'ann' }, 5, 'Ann')).toEqual({
      trajectories: 2,
      orders: 0,
      coupons: 0,
    });
    expect(forgetPerson(store, 's', { trajectories: ['4'], customer: 'c-1' }, 6)).toEqual({
      trajectories: 1,
      orders: 1,
      coupons: 0,
    });
    expect(ids(store, 's')).toEqual(['2']);
    expect(ids(store, 't')).toEqual(['1', '2', '3', '4']);
    expect([...store.orders.lines('s')].map(({ id }) => id)).toEqual(['o1', 'o3']);
  });

  it('leaves no byte of them in any file of the database, and no name in the audit log', () => {
    const store = openStore(temporaryFolder());
    for (let i = 0; i < 50; i++)
      add(store, 's', `t${i}`, i % 2 === 0 ? 'visitor-to-forget' : 'visitor-that-stays');
    const found = (text: string): boolean =>
      readdirSync(store.dir).some((file) => readFileSync(join(store.dir, file)).includes(text));
    expect(found('visitor-to-forget')).toBe(true);
    forgetPerson(store, 's', { visitor: 'visitor-to-forget' }, 1, 'Ann');
    expect(found('visitor-to-forget')).toBe(false);
    expect(found('visitor-that-stays')).toBe(true);
    expect(store.audit.list('s')[0]).toMatchObject({
      who: 'Ann',
      action: 'erase',
      detail: { trajectories: 25, orders: 0, coupons: 0 },
    });
  });

  it('never takes what belongs to others, whatever the names', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 2, maxLength: 5 }),
        (names) => {
          const store = openStore(temporaryFolder());
          for (const [i, visitor] of names.entries()) add(store, 's', String(i), visitor);
          expect(forgetPerson(store, 's', { visitor: names[0]! }, 0)).toEqual({
            trajectories: 1,
            orders: 0,
            coupons: 0,
          });
          expect(ids(store, 's')).toEqual(names.map((_, i) => String(i)).slice(1));
          store.close();
        },
      ),
      { numRuns: 20 },
    );
  });
});
