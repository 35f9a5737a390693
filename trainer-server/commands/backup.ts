/** `backup`: a copy of the database, taken while the server runs and looked through before it counts. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { BadInput } from '../../shared/errors.ts';
import { type BackupReport, backupTo, checkBackup } from '../store/backup.ts';
import { DATABASE_FILE, openDatabase } from '../store/database.ts';
import type { Command, Io } from './command.ts';
import { DB_OPTIONS, dbOption } from './options.ts';

export const command: Command = {
  name: 'backup',
  summary: 'copy the database while it is in use, or check a copy',
  help: `
promo-edge backup FILE --db DIR   one consistent copy; the server goes on
promo-edge backup FILE --check    integrity, references and audit chain of a copy, and its rows

To restore, stop the server and put FILE at DIR/${DATABASE_FILE}, without a ${DATABASE_FILE}-wal beside it.
Keys and tokens in DIR/keys are not in the copy.
`,
  options: { ...DB_OPTIONS, check: { type: 'boolean' } },
  async run(values, [file], io) {
    if (file === undefined) throw new BadInput({ field: 'FILE' }, 'the file to write', 'nothing');
    if (values.check === true) {
      report(io, file, checkBackup(file));
      return 0;
    }
    const dir = dbOption(values);
    if (!existsSync(join(dir, DATABASE_FILE))) throw new BadInput({ file: dir }, 'a database', 'none');
    const db = openDatabase(dir);
    try {
      report(io, file, backupTo(db, file));
      return 0;
    } finally {
      db.close();
    }
  },
};

function report(io: Io, file: string, { bytes, rows, head }: BackupReport): void {
  const counted = Object.entries(rows).filter(([, count]) => count > 0);
  io.out(`${file}: ${(bytes / 1e6).toFixed(1)} MB, whole, audit head ${head}`);
  for (const [table, count] of counted) io.out(`  ${table} ${count}`);
}
