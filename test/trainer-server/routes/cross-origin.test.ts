import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { publishBundle } from '../../../trainer-server/release/publish.ts';
import { bearer, type Served, serveStore, signing, smallBundle } from '../../helpers/served.ts';

const { store, options } = signing();
const admin = bearer(store, 'admin', 'Ann');
const CONSOLE = 'https://console.shop.example';
let served: Served;

beforeAll(async () => {
  await publishBundle(await smallBundle(), options);
  served = await serveStore(store, new Map(), { adminOrigins: [CONSOLE] });
});
afterAll(() => served.stop());

const ask = (path: string, headers: Record<string, string>, method = 'GET'): Promise<Response> =>
  fetch(`${served.url}${path}`, { method, headers });
const allowed = (response: Response): string | null => response.headers.get('access-control-allow-origin');
const LIST = '/admin/sites/demo/approvals';

describe('a page of another origin', () => {
  it('may use the administration only where the operator named its origin', async () => {
    const named = await ask(LIST, { ...admin, Origin: CONSOLE });
    expect([named.status, allowed(named)]).toEqual([200, CONSOLE]);
    for (const origin of [
      'https://evil.example',
      `${CONSOLE}.evil.example`,
      'http://console.shop.example',
      'null',
    ]) {
      const other = await ask(LIST, { ...admin, Origin: origin });
      expect([other.status, allowed(other), (await other.json()).error.code]).toEqual([403, null, 'origin']);
      const asked = await ask(LIST, { Origin: origin, 'Access-Control-Request-Method': 'GET' }, 'OPTIONS');
      expect([asked.status, allowed(asked)]).toEqual([403, null]);
    }
    const asked = await ask(LIST, { Origin: CONSOLE, 'Access-Control-Request-Method': 'POST' }, 'OPTIONS');
    expect([asked.status, allowed(asked)]).toEqual([204, CONSOLE]);
    expect(asked.headers.get('access-control-allow-headers')).toContain('Authorization');
  });

  it('is no other origin where the page is this server’s own, or no page at all', async () => {
    expect((await ask(LIST, { ...admin, Origin: served.url })).status).toBe(200);
    expect((await ask(LIST, admin)).status).toBe(200);
  });

  it('never sends credentials anywhere, and reads public refusals', async () => {
    for (const path of [LIST, '/s/demo/manifest.json', '/s/none/manifest.json', '/b/x', '/sdk/x', '/docs']) {
      const response = await ask(path, { Origin: CONSOLE, Cookie: 'session=1' });
      expect(response.headers.get('access-control-allow-credentials')).toBeNull();
      expect(response.headers.get('set-cookie')).toBeNull();
    }
    expect(allowed(await ask('/s/none/manifest.json', { Origin: 'https://any.example' }))).toBe('*');
  });
});
