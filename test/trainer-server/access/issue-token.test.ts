import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { issueToken } from '../../../trainer-server/access/issue-token.ts';
import { registerShopToken } from '../../../trainer-server/access/shop-token.ts';
import { tokenHash } from '../../../trainer-server/access/token.ts';
import { openStore } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

describe('issueToken', () => {
  it('gives 256 random bits that no file of the database holds', () => {
    const store = openStore(temporaryFolder());
    const { secret } = issueToken(store, { role: 'admin', owner: 'Ann' }, 0);
    expect(Buffer.from(secret.slice('pe_'.length), 'base64url').length).toBe(32);
    store.close();
    for (const file of readdirSync(store.dir)) {
      expect(readFileSync(join(store.dir, file)).includes(secret.slice('pe_'.length))).toBe(false);
    }
  });

  it('is in the audit log, without the secret', () => {
    const store = openStore(temporaryFolder());
    const { secret, token } = issueToken(store, { role: 'viewer', owner: 'Ann', site: 'demo' }, 7, 'Bob');
    const [entry] = store.audit.list('demo');
    expect(entry).toMatchObject({ at: 7, who: 'Bob', action: 'token-create' });
    expect(entry!.detail).toEqual({ token: token.id, owner: 'Ann', role: 'viewer' });
    expect(JSON.stringify([...store.audit.rows()])).not.toContain(secret);
  });

  it('takes names of people in any script and nothing that could be markup', () => {
    const store = openStore(temporaryFolder());
    for (const owner of ['Zoë', '王芳', 'ops-1', 'ann@shop.example']) {
      expect(issueToken(store, { role: 'viewer', owner }, 0).token.owner).toBe(owner);
    }
    for (const owner of ['', '=cmd()', '<b>', 'a\nb', ' x', 'x'.repeat(65)]) {
      expect(() => issueToken(store, { role: 'viewer', owner }, 0)).toThrow(/owner: expected a name/);
    }
  });
});

describe("the shop server's token file", () => {
  it('goes on working when an earlier release made it', () => {
    const store = openStore(temporaryFolder());
    const path = join(store.dir, 'keys', 'shop-server.token');
    expect(registerShopToken(store, 0)).toBe(readFileSync(path, 'utf8').trim());
    const earlier = 'a1'.repeat(32);
    writeFileSync(path, `${earlier}\n`);
    registerShopToken(store, 1);
    registerShopToken(store, 2);
    expect(store.tokens.byHash(tokenHash(earlier))).toMatchObject({ role: 'shop-server', created: 1 });
    expect(store.tokens.list().length).toBe(2);
  });

  it('does not bring a revoked token back', () => {
    const store = openStore(temporaryFolder());
    const hash = tokenHash(registerShopToken(store, 0));
    store.tokens.revoke(store.tokens.byHash(hash)!.id, 5);
    registerShopToken(store, 6);
    expect(store.tokens.byHash(hash)?.revoked).toBe(5);
  });
});
