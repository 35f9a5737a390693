/** `rollback`: an earlier release's files under a higher version, which is the only way devices go back. */

import { republish } from '../release/publish.ts';
import type { Command } from './command.ts';
import { numberOption } from './options.ts';
import { SIGNING_HELP, SIGNING_OPTIONS, withSigning } from './publish.ts';

export const command: Command = {
  name: 'rollback',
  summary: 'publish an earlier release again',
  help: `
promo-edge rollback --db DIR [--to VERSION] [--site NAME] [--key FILE] [--canary SHARE] [--expires DAYS]

  --to VERSION    the release to go back to; where absent, the last one with other files than the running one's${SIGNING_HELP}
`,
  options: { ...SIGNING_OPTIONS, to: { type: 'string' } },
  async run(values, _positionals, io) {
    const to = numberOption(values, 'to', { fallback: 0, min: 1, max: 1e9, integer: true });
    return withSigning(values, io, (options) =>
      republish({ action: 'rollback', ...(to === 0 ? {} : { version: to }) }, options),
    );
  },
};
