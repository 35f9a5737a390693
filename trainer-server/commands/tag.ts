/** `tag`: the script tag for a shop's pages, with the loader's hash. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput, show } from '../../shared/errors.ts';
import type { KeySet } from '../../shared/root.ts';
import { packageRoot } from '../package-root.ts';
import { DEFAULT_KEY, listKeys } from '../release/keys.ts';
import { contentSecurityPolicy, scriptTag } from '../release/script-tag.ts';
import { openStore } from '../store/store.ts';
import type { Command, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, needed, siteOption } from './options.ts';

export const command: Command = {
  name: 'tag',
  summary: "the script tag for a shop's pages, with its hash (SRI), and the policy it needs",
  help: `
promo-edge tag --db DIR --endpoint URL [--site NAME] [--sdk DIR]

Writes the script tag, with the loader's hash as its integrity, then what the SDK adds to a strict
Content-Security-Policy. The loader carries the hash of what it starts in turn. The hash stays good when the SDK is
updated: serve keeps every build that it has served in DIR/sdk, under addresses with ?v=. Run it again, and change the
pages, to take up the new one.

  --endpoint URL  the origin that browsers reach the server at, or the CDN in front of it
  --site NAME     demo where absent
  --sdk DIR       the built SDK; dist/sdk where absent
`,
  options: {
    ...DB_OPTIONS,
    endpoint: { type: 'string' },
    site: { type: 'string' },
    sdk: { type: 'string' },
  },
  async run(values, _positionals, io) {
    const endpoint = originOption(values);
    const site = siteOption(values);
    const { keys, threshold } = pinnedKeys(dbOption(values), site);
    const folder = typeof values.sdk === 'string' ? values.sdk : join(packageRoot(), 'dist/sdk');
    const path = join(folder, 'promo-edge.js');
    if (!existsSync(path))
      throw new BadInput({ file: path }, 'the built SDK', 'nothing there', 'npm run build makes it');
    io.out(scriptTag({ endpoint, site, keys, threshold, loader: readFileSync(path) }));
    io.out('');
    io.out(contentSecurityPolicy(endpoint));
    return 0;
  },
};

/** @throws BadInput */
function originOption(values: OptionValues): string {
  const text = needed(values, 'endpoint', 'the address that browsers reach the server at');
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && [url.origin, `${url.origin}/`].includes(text))
    return url.origin;
  throw new BadInput({ field: '--endpoint' }, 'an origin such as https://trainer.example', show(text));
}

/** A site's first root names the keys that pages pin; without a root it is the release key. @throws BadInput */
function pinnedKeys(dir: string, site: string): KeySet {
  const store = openStore(dir);
  try {
    const [first] = store.roots.list(site);
    if (first !== undefined) return first.signed.root;
  } finally {
    store.close();
  }
  const folder = join(dir, 'keys');
  const key = listKeys(folder).find(({ name }) => name === DEFAULT_KEY);
  if (key === undefined)
    throw new BadInput({ file: folder }, `a key named ${DEFAULT_KEY}`, 'none', 'promo-edge publish makes it');
  return { keys: [key.publicKey], threshold: 1 };
}
