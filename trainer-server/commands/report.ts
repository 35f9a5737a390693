/** `report`: what a data folder says, as JSON lines. */

import { BadInput } from '../../shared/errors.ts';
import { REPORTS } from '../reports/index.ts';
import type { Command } from './command.ts';

const names = REPORTS.map(({ name }) => name).join(', ');

export const command: Command = {
  name: 'report',
  summary: `what a data folder says of: ${names}`,
  help: `
promo-edge report NAME --data DIR [OPTIONS]

JSON lines on standard output, words on standard error.

${REPORTS.map(({ name, summary, help }) => `${name}: ${summary}\n${help}`).join('\n\n')}

  --data    the data folder
  --seed    of what is drawn at random (default 1)
`,
  options: Object.assign(
    { data: { type: 'string' }, seed: { type: 'string' } },
    ...REPORTS.map(({ options }) => options),
  ),
  async run(values, [name, ...rest], io) {
    const report = REPORTS.find((known) => known.name === name);
    if (report === undefined) throw new BadInput({ field: 'NAME' }, `one of ${names}`, name ?? 'nothing');
    if (rest.length > 0) throw new BadInput({}, 'one report at a time', rest.join(' '));
    return report.run(values, io);
  },
};
