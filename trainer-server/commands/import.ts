/** `import`: shop data of any known format into a data folder. */

import { BadInput } from '../../shared/errors.ts';
import { IMPORTERS } from '../import/index.ts';
import { qualityTable } from '../import/quality.ts';
import { runImport } from '../import/run-import.ts';
import type { Command } from './command.ts';

const width = Math.max(...IMPORTERS.map((importer) => importer.format.length));
const formats = IMPORTERS.map((importer) => `  ${importer.format.padEnd(width)}  ${importer.summary}`).join(
  '\n',
);

export const command: Command = {
  name: 'import',
  summary: 'read shop data into a data folder, clean it, report its quality',
  help: `
promo-edge import FORMAT FILE... --data DIR [--rejects FILE]

Reads FILEs (gzipped or not), cleans them and writes products.jsonl, events.jsonl, ... and quality.json into DIR.
What DIR holds already stays: new rows are added, a product, promotion or decision of the same key replaces its
elder. Rows that cannot be used go, with file, line and reason, to the rejects file (DIR/rejects.jsonl).
Nothing in DIR changes before everything is read.

FORMAT
${formats}

  --data DIR      the data folder
  --rejects FILE  where refused rows go
  --site NAME     whose feedback, where the database holds several sites
`,
  options: { data: { type: 'string' }, rejects: { type: 'string' }, site: { type: 'string' } },
  async run(values, [format, ...files], io) {
    const importer = IMPORTERS.find((entry) => entry.format === format);
    const known = IMPORTERS.map((entry) => entry.format).join(', ');
    if (importer === undefined)
      throw new BadInput({ field: 'FORMAT' }, `one of ${known}`, format ?? 'nothing');
    if (files.length === 0) throw new BadInput({ field: 'FILE' }, 'at least one file to import', 'none');
    if (typeof values.data !== 'string') throw new BadInput({ field: '--data' }, 'a data folder', 'nothing');
    const report = await runImport({
      importer,
      files,
      dir: values.data,
      ...(typeof values.rejects === 'string' ? { rejects: values.rejects } : {}),
      ...(typeof values.site === 'string' ? { site: values.site } : {}),
      progress: io.progress,
      now: io.now(),
      signal: io.signal,
    });
    for (const line of qualityTable(report)) io.out(line);
    return Object.keys(report.written).some((name) => name !== 'shop.json') ? 0 : 1;
  },
};
