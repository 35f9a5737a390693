/** `audit`: the log of who changed what, exported and verified. */

import { BadInput } from '../../shared/errors.ts';
import { auditCsv } from '../access/audit-export.ts';
import { openStore } from '../store/store.ts';
import type { Command } from './command.ts';
import { DB_OPTIONS, dbOption } from './options.ts';

export const command: Command = {
  name: 'audit',
  summary: 'export and verify the log of who changed what',
  help: `
promo-edge audit export --db DIR [--csv]          every row, oldest first; JSON lines where --csv is absent
promo-edge audit verify --db DIR [--head HASH]    ends with 1 and names the first row that does not fit

Keep the head that verify prints somewhere else. Given back as --head, it proves that the log still holds every row
up to it: a chain alone cannot tell whether the whole was written anew.
`,
  options: { ...DB_OPTIONS, csv: { type: 'boolean' }, head: { type: 'string' } },
  async run(values, [verb], io) {
    const dir = dbOption(values);
    if (verb !== 'export' && verb !== 'verify')
      throw new BadInput({ field: 'VERB' }, 'export or verify', verb ?? 'nothing');
    const { audit, close } = openStore(dir);
    try {
      if (verb === 'export') {
        if (values.csv === true) for (const line of auditCsv(audit.rows())) io.out(line);
        else for (const entry of audit.rows()) io.out(JSON.stringify(entry));
        return 0;
      }
      const state = audit.verify();
      if ('broken' in state) {
        io.out(`broken at row ${state.broken}: ${state.why}`);
        return 1;
      }
      const { head } = values;
      if (
        typeof head === 'string' &&
        head !== state.head &&
        ![...audit.rows()].some(({ hash }) => hash === head)
      ) {
        io.out(`no row has the hash ${head}: the log was written anew`);
        return 1;
      }
      io.out(`${state.rows} rows in an unbroken chain, head ${state.head}`);
      return 0;
    } finally {
      close();
    }
  },
};
