/** `person`: what one shopper gave, handed out or erased. */

import { BadInput } from '../../shared/errors.ts';
import { dataOf, forgetPerson } from '../access/forget.ts';
import { eraseLines } from '../dataset/erase-lines.ts';
import type { Person } from '../store/personal-data.ts';
import { openStore } from '../store/store.ts';
import type { Command, OptionValues } from './command.ts';
import { DB_OPTIONS, dbOption, siteOption } from './options.ts';

export const command: Command = {
  name: 'person',
  summary: 'hand out or erase what one shopper consented to give',
  help: `
promo-edge person export WHO --db DIR [--site demo]               JSON lines
promo-edge person erase WHO --db DIR [--site demo] [--data DIR]   prints how much there was

WHO is any of
  --visitor ID     the name that a device made up when its shopper consented
  --trajectory ID  one decision; may be repeated
  --customer ID    the shop's own name for its customer: orders and coupons

  --data DIR       a data folder into which feedback was imported; its lines are erased, too

Backups keep what they hold until they are deleted. What a model learned stays in it until the next one is trained.
`,
  options: {
    ...DB_OPTIONS,
    site: { type: 'string' },
    visitor: { type: 'string' },
    trajectory: { type: 'string', multiple: true },
    customer: { type: 'string' },
    data: { type: 'string' },
  },
  async run(values, [verb], io) {
    const dir = dbOption(values);
    const site = siteOption(values);
    const person = personOf(values);
    if (verb !== 'export' && verb !== 'erase')
      throw new BadInput({ field: 'VERB' }, 'export or erase', verb ?? 'nothing');
    const store = openStore(dir);
    try {
      if (verb === 'export') {
        for (const rows of Object.values(dataOf(store, site, person)))
          for (const row of rows) io.out(JSON.stringify(row));
        return 0;
      }
      const erased = forgetPerson(store, site, person, io.now());
      io.out(JSON.stringify({ ...erased, ...(await erasedLines(values, person)) }));
      return 0;
    } finally {
      store.close();
    }
  },
};

async function erasedLines(values: OptionValues, { visitor, trajectories }: Person): Promise<object> {
  return typeof values.data === 'string' ? eraseLines(values.data, { visitor, ids: trajectories }) : {};
}

function personOf({ visitor, trajectory, customer }: OptionValues): Person {
  if (visitor === undefined && trajectory === undefined && customer === undefined)
    throw new BadInput({ field: 'WHO' }, '--visitor, --trajectory or --customer', 'none');
  return {
    visitor: visitor as string | undefined,
    trajectories: trajectory as string[] | undefined,
    customer: customer as string | undefined,
  };
}
