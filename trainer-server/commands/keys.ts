/** `keys`: the Ed25519 keys that sign releases. */

import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { createKey, DEFAULT_KEY, listKeys } from '../release/keys.ts';
import type { Command } from './command.ts';
import { DB_OPTIONS, dbOption } from './options.ts';

export const command: Command = {
  name: 'keys',
  summary: 'make and show the keys that sign releases',
  help: `
promo-edge keys create [NAME] --db DIR   makes DIR/keys/NAME.key (private, mode 600) and NAME.pub
promo-edge keys list --db DIR            name, key id and public key of each
promo-edge keys show [NAME] --db DIR     the public key alone: what data-key and init({ keys }) take

NAME is ${DEFAULT_KEY} where absent.
`,
  options: DB_OPTIONS,
  async run(values, [verb, name = DEFAULT_KEY], io) {
    const dir = join(dbOption(values), 'keys');
    if (verb === 'create') {
      const key = createKey(dir, name);
      io.out(`${key.name}  ${key.id}  ${key.publicKey}`);
    } else if (verb === 'list') {
      for (const key of listKeys(dir)) io.out(`${key.name}  ${key.id}  ${key.publicKey}`);
    } else if (verb === 'show') {
      const key = listKeys(dir).find((entry) => entry.name === name);
      if (key === undefined)
        throw new BadInput({ file: dir }, `a key named ${name}`, 'none', 'promo-edge keys create');
      io.out(key.publicKey);
    } else throw new BadInput({ field: 'VERB' }, 'create, list or show', verb ?? 'nothing');
    return 0;
  },
};
