/** `report experiment`: an A/B test or a holdout in a data folder. */

import { BadInput, show } from '../../shared/errors.ts';
import type { Io, OptionValues } from '../commands/command.ts';
import { needed } from '../commands/options.ts';
import { type Dataset, loadDataset } from '../dataset/load.ts';
import { rewardedDecisions } from '../policy/rewards.ts';
import type { Report } from '../reports/report.ts';
import { armAttribute, controlAmong, reportExperiment } from './experiment.ts';

export const report: Report = {
  name: 'experiment',
  summary: 'lift of the arms of an A/B test or holdout, with intervals that may be looked at any time',
  help: `  Each visitor of decisions.jsonl was in the arm that an attribute names. Prints a line per arm: means a visitor, the lift
  over the control, and two 95 % intervals: "low" and "high" hold however often one looks, so that the test may be stopped
  when they exclude 0; "once_low" and "once_high" are for one look, planned beforehand. Count only visitors whose
  attribution window has passed. Where the log cannot carry a figure, "refused" says why.
  --by       the attribute (default: arm, variant or holdout, whichever the log has)
  --control  the arm to compare with (default: control, holdout, none, true or a, whichever there is)
  --shares   how visitors were meant to be split, e.g. control=0.1,policy=0.9: a split that is off is refused`,
  options: { by: { type: 'string' }, control: { type: 'string' }, shares: { type: 'string' } },
  async run(values, io) {
    const dataset = await loadDataset(needed(values, 'data', 'a data folder'));
    for (const note of [...dataset.notes, ...dataset.rejected.slice(0, 10)]) io.progress.say(note);
    print(dataset, values, io);
    return 0;
  },
};

function print(dataset: Dataset, values: OptionValues, io: Io): void {
  const { decisions, computed, dropped } = rewardedDecisions(dataset);
  if (computed > 0) io.progress.say(`${computed} rewards computed from events`);
  if (dropped > 0) io.progress.say(`${dropped} decisions without a reward left out`);
  const attribute = typeof values.by === 'string' ? values.by : armAttribute(decisions);
  const arms = decisions.flatMap(({ attributes }) => attributes?.[attribute ?? ''] ?? []).map(String);
  if (attribute === undefined || arms.length === 0) {
    throw new BadInput(
      { file: 'decisions.jsonl', field: `attributes.${attribute ?? 'arm'}` },
      'the arm of each decision',
      'none',
    );
  }
  const known = [...new Set(arms)].sort();
  const control = typeof values.control === 'string' ? values.control : controlAmong(known);
  if (control === undefined || !known.includes(control)) {
    throw new BadInput({ field: '--control' }, `one of ${known.join(', ')}`, control ?? 'nothing');
  }
  const shares = typeof values.shares === 'string' ? { shares: readShares(values.shares) } : {};
  const report = reportExperiment(decisions, { attribute, control, ...shares });
  for (const note of report.notes) io.progress.say(note);
  for (const line of report.arms) io.out(JSON.stringify(line));
}

function readShares(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [arm, share] = part.split('=');
      const value = Number(share);
      if (share !== undefined && share !== '' && value > 0 && Number.isFinite(value)) return [arm!, value];
      throw new BadInput({ field: '--shares' }, 'ARM=SHARE,..., shares above 0', show(text));
    }),
  );
}
