import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLES, type Role, TOKEN_ROLES } from '../../trainer-server/access/roles.ts';
import { allRoutes, documentedRoutes, pathOf } from '../helpers/routes.ts';
import { bearer, type Served, serveStore, signing } from '../helpers/served.ts';

const { store } = signing();
let served: Served;
const everyone: readonly Role[] = ROLES;
const people: readonly Role[] = ['admin', 'marketer', 'viewer'];
const editors: readonly Role[] = ['admin', 'marketer'];
const shop: readonly Role[] = ['shop-server'];

/** Who may ask what, written by hand: a new route, or a role more on an old one, must be written here as well. */
const MATRIX: Record<string, readonly Role[]> = {
  'GET /': everyone,
  'GET /docs': everyone,
  'GET /openapi.json': everyone,
  'GET /healthz': everyone,
  'GET /metrics': everyone,
  'GET /b/{sha256}': everyone,
  'GET /sdk/{file}': everyone,
  'GET /s/{site}/manifest.json': everyone,
  'GET /s/{site}/releases/{version}/manifest.json': everyone,
  'GET /s/{site}/root/{document}': everyone,
  'POST /s/{site}/trajectories': everyone,
  'POST /s/{site}/reports': everyone,
  'POST /s/{site}/grants': everyone,
  'POST /s/{site}/claims': everyone,
  'POST /s/{site}/previews': everyone,
  'POST /s/{site}/orders': shop,
  'POST /s/{site}/quotes': shop,
  'POST /s/{site}/redemptions': shop,
  'POST /s/{site}/redemptions/{id}/reversals': shop,
  'POST /s/{site}/expire': shop,
  'POST /s/{site}/dismissals': shop,
  'GET /s/{site}/subject-key': shop,
  'GET /admin/sites/{site}/approvals': people,
  'POST /admin/sites/{site}/approvals/{id}/decision': editors,
  'GET /admin/sites/{site}/audit': people,
  'GET /admin/sites/{site}/budgets': people,
  'GET /admin/sites/{site}/coupons': people,
  'PUT /admin/sites/{site}/budgets/{id}': editors,
  'PUT /admin/sites/{site}/coupons/{id}': editors,
  'DELETE /admin/sites/{site}/coupons/{id}': editors,
  'PUT /admin/sites/{site}/experiment': editors,
  'GET /admin/sites/{site}/previews': people,
  'POST /admin/sites/{site}/previews': editors,
  'DELETE /admin/sites/{site}/previews/{id}': editors,
  'POST /admin/sites/{site}/personal-data/export': ['admin', 'shop-server'],
  'POST /admin/sites/{site}/personal-data/erase': ['admin', 'shop-server'],
};

beforeAll(async () => {
  served = await serveStore(store);
});
afterAll(() => served.stop());

/** The refusal of a role, or nothing where the request went further. */
async function refusal(route: string, headers: Record<string, string>): Promise<string | undefined> {
  const [method, template] = route.split(' ') as [string, string];
  const response = await fetch(`${served.url}${pathOf(template, { site: 'demo' })}`, {
    method,
    headers,
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  expect([route, response.status < 500]).toEqual([route, true]);
  const code = (await response.json().catch(() => undefined))?.error?.code;
  return code === 'unauthorized' || code === 'forbidden' ? code : undefined;
}

describe('every route and every role', () => {
  it('is in the matrix, and documented', () => {
    expect(allRoutes(store)).toEqual(Object.keys(MATRIX).sort());
    const documented = documentedRoutes(store).map(({ method, path }) => `${method} ${path}`);
    expect(documented.sort()).toEqual(Object.keys(MATRIX).sort());
  });

  for (const role of ROLES) {
    it(`${role} reaches what it may, and is refused at all else`, async () => {
      const token = TOKEN_ROLES.find((known) => known === role);
      const headers = token === undefined ? {} : bearer(store, token, `owner of ${role}`);
      for (const [route, roles] of Object.entries(MATRIX)) {
        const expected = roles.includes(role)
          ? undefined
          : token === undefined
            ? 'unauthorized'
            : 'forbidden';
        expect([route, await refusal(route, headers)]).toEqual([route, expected]);
      }
    });
  }

  it('keeps tokens of another site out of every site route', async () => {
    for (const role of TOKEN_ROLES) {
      const headers = bearer(store, role, `other ${role}`, 'other');
      for (const [route, roles] of Object.entries(MATRIX)) {
        if (!roles.includes(role) || roles === everyone) continue;
        expect([route, role, await refusal(route, headers)]).toEqual([route, role, 'forbidden']);
      }
    }
  });

  it('says in the API document whom each route is for', () => {
    for (const { method, path, roles } of documentedRoutes(store)) {
      expect([path, [...(roles ?? everyone)].sort()]).toEqual([
        path,
        [...MATRIX[`${method} ${path}`]!].sort(),
      ]);
    }
  });
});
