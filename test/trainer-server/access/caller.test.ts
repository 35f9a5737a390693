import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { identify, requireRole } from '../../../trainer-server/access/caller.ts';
import { issueToken, revokeToken } from '../../../trainer-server/access/issue-token.ts';
import { errorHandler } from '../../../trainer-server/routes/api-error.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

const NOW = Date.UTC(2026, 0, 1);
const store = openStore(temporaryFolder());
let clock = NOW;

const app = new Hono()
  .use(identify(store.tokens, () => clock))
  .get('/open', (c) => c.json({ owner: c.get('caller').owner }))
  .get('/every', requireRole('admin', 'viewer'), (c) => c.json({ owner: c.get('caller').owner }))
  .get('/s/:site/one', requireRole('admin', 'viewer'), (c) => c.json({ owner: c.get('caller').owner }))
  .onError(errorHandler(() => undefined));

async function ask(path: string, authorization?: string): Promise<[number, string]> {
  const headers = authorization === undefined ? {} : { Authorization: authorization };
  const response = await app.request(path, { headers });
  const body = await response.json();
  return [response.status, body.owner ?? body.error.code];
}

describe('requireRole', () => {
  it('lets the named roles in and tells the others what is missing', async () => {
    const admin = issueToken(store, { role: 'admin', owner: 'Ann' }, NOW).secret;
    const shop = issueToken(store, { role: 'shop-server', owner: 'shop' }, NOW).secret;
    expect(await ask('/every', `Bearer ${admin}`)).toEqual([200, 'Ann']);
    expect(await ask('/every', `bearer  ${admin}`)).toEqual([200, 'Ann']);
    expect(await ask('/every', `Bearer ${shop}`)).toEqual([403, 'forbidden']);
    expect(await ask('/every')).toEqual([401, 'unauthorized']);
    expect(await ask('/open')).toEqual([200, 'public']);
  });

  it('refuses what is no good token, on public routes too', async () => {
    const { secret, token } = issueToken(store, { role: 'admin', owner: 'Bob' }, NOW);
    const wrong = ['', 'Bearer', `Basic ${secret}`, `Bearer ${secret}x`, `Bearer ${token.id}`, secret];
    for (const header of wrong)
      expect([header, ...(await ask('/open', header))]).toEqual([header, 401, 'unauthorized']);
  });

  it('keeps a token of one site to that site', async () => {
    const { secret } = issueToken(store, { role: 'viewer', owner: 'Cid', site: 'blue' }, NOW);
    expect(await ask('/s/blue/one', `Bearer ${secret}`)).toEqual([200, 'Cid']);
    expect(await ask('/s/red/one', `Bearer ${secret}`)).toEqual([403, 'forbidden']);
    expect(await ask('/every', `Bearer ${secret}`)).toEqual([403, 'forbidden']);
  });

  it('ends a token at its time, and at once when it is revoked', async () => {
    const short = issueToken(store, { role: 'viewer', owner: 'Dee', expires: NOW + 1000 }, NOW);
    const long = issueToken(store, { role: 'viewer', owner: 'Eve' }, NOW);
    expect((await ask('/every', `Bearer ${short.secret}`))[0]).toBe(200);
    clock = NOW + 1000;
    expect((await ask('/every', `Bearer ${short.secret}`))[0]).toBe(401);
    expect((await ask('/every', `Bearer ${long.secret}`))[0]).toBe(200);
    revokeToken(store, long.token.id, clock);
    expect((await ask('/every', `Bearer ${long.secret}`))[0]).toBe(401);
    expect(() => revokeToken(store, long.token.id, clock)).toThrow(/a token that is not revoked/);
    clock = NOW;
  });
});
