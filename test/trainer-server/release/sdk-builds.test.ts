import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withEarlierBuilds } from '../../../trainer-server/release/sdk-builds.ts';
import { readSdkFiles, sdkFilesRoute } from '../../../trainer-server/routes/sdk-files.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

/** The last eight characters of the hash's base64 before its `=`, without what is no letter or digit. */
const versionOf = (code: string): string =>
  createHash('sha256').update(code).digest('base64').slice(35, 43).replace(/[+/]/g, '');

function serverWith(kept: string, code: string) {
  const sdk = temporaryFolder();
  writeFileSync(join(sdk, 'promo-edge.js'), code);
  writeFileSync(join(sdk, 'server.js'), code);
  const route = sdkFilesRoute(withEarlierBuilds(readSdkFiles(sdk), kept));
  return async (path: string) => {
    const response = await route.request(`/sdk/${path}`);
    return { code: await response.text(), cache: response.headers.get('cache-control') };
  };
}

const FOR_EVER = 'public, max-age=31536000, immutable';

describe('a server whose SDK was updated', () => {
  it('gives each build under its own version for ever, and the newest one under the plain name', async () => {
    const kept = temporaryFolder();
    serverWith(kept, 'one');
    const get = serverWith(kept, 'two');
    expect(await get('promo-edge.js')).toEqual({ code: 'two', cache: 'public, max-age=600' });
    expect(await get(`promo-edge.js?v=${versionOf('one')}`)).toEqual({ code: 'one', cache: FOR_EVER });
    expect(await get(`promo-edge.js?v=${versionOf('two')}`)).toEqual({ code: 'two', cache: FOR_EVER });
    // A version that was never here must not stay in a cache under that name.
    expect(await get('promo-edge.js?v=abcdefgh')).toEqual({ code: 'two', cache: 'public, max-age=600' });
  });

  it('keeps what pages start by hash alone, and drops what was changed on the disk', async () => {
    const kept = temporaryFolder();
    serverWith(kept, 'one');
    expect(readdirSync(kept)).toEqual([`${versionOf('one')}.promo-edge.js`]);
    writeFileSync(join(kept, `${versionOf('one')}.promo-edge.js`), 'evil');
    mkdirSync(join(kept, 'other'));
    const get = serverWith(kept, 'two');
    expect((await get(`promo-edge.js?v=${versionOf('one')}`)).code).toBe('two');
  });
});
