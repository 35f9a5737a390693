/** `types`: a shop's slots, promotions and attributes as TypeScript. */

import { openBundle } from '../release/bundle.ts';
import { siteTypes } from '../release/site-types.ts';
import type { Command } from './command.ts';
import { needed } from './options.ts';

const HELP = `
promo-edge types --bundle BUNDLE > promo-edge-site.d.ts

Writes a declaration file with the names of a release: its slots, promotions and attributes. Among a project's sources
it makes the compiler refuse a slot or promotion that the release does not know.
`;

export const command: Command = {
  name: 'types',
  summary: "a release's slots, promotions and attributes as TypeScript",
  help: HELP,
  options: { bundle: { type: 'string' } },
  async run(values, _, io) {
    const bundle = await openBundle(needed(values, 'bundle', 'a bundle folder'));
    io.out(siteTypes(await bundle.first(), bundle.manifest.version).trimEnd());
    return 0;
  },
};
