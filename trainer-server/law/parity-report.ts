/** `report parity`: do declared groups of shoppers get discounts as often, and worth as much? */

import { BadInput, show, ThinEvidence } from '../../shared/errors.ts';
import type { OptionValues } from '../commands/command.ts';
import { needed, numberOption } from '../commands/options.ts';
import { loadDataset } from '../dataset/load.ts';
import type { Report } from '../reports/report.ts';
import { discountParity, PARITY_OPTIONS, type ParityReport, parityVerdict } from './parity.ts';
import { parityData } from './parity-data.ts';

/** Five points, as the default of an audit; a shop under a stricter duty says less. */
const TOLERANCE = 0.05;

export const report: Report = {
  name: 'parity',
  summary: 'whether groups of shoppers get discounts as often, and worth as much',
  help: `
Compares the groups that an attribute names, over the decisions of the log for which some discount was eligible. Prints
a line per group (probability of a discount and its worth a decision, the group's share of all that was given and of all
decisions) and a line per difference to the reference group, with 95 % intervals over visitors ("low_of_all" and
"high_of_all" hold for all differences together), then the verdict on the probability: within, violated or undecided.
A group of fewer than ${PARITY_OPTIONS.visitors} visitors, or fewer than ${PARITY_OPTIONS.ofEach} with and without a discount, is refused.

  --group      the attribute
  --cuts       edges that make groups of a number: 30,50 means below 30, 30 to below 50, 50 and more
  --reference  the group to compare with (default: the one of most visitors)
  --tolerance  largest difference of the probability that counts as parity (default ${TOLERANCE})`,
  options: {
    group: { type: 'string' },
    cuts: { type: 'string' },
    reference: { type: 'string' },
    tolerance: { type: 'string' },
  },
  async run(values, io) {
    const attribute = needed(values, 'group', 'the attribute that names the groups');
    const tolerance = numberOption(values, 'tolerance', { fallback: TOLERANCE, min: 0, max: 1 });
    const cuts = cutsOption(values);
    const dataset = await loadDataset(needed(values, 'data', 'a data folder'));
    for (const note of [...dataset.notes, ...dataset.rejected.slice(0, 10)]) io.progress.say(note);
    const { decisions, notes } = parityData(dataset, { attribute, ...(cuts === undefined ? {} : { cuts }) });
    for (const note of notes) io.progress.say(note);
    try {
      const reference = typeof values.reference === 'string' ? values.reference : undefined;
      for (const line of linesOf(discountParity(decisions, reference), tolerance))
        io.out(JSON.stringify(line));
      return 0;
    } catch (error) {
      if (!(error instanceof ThinEvidence)) throw error;
      io.out(JSON.stringify({ refused: error.message }));
      return 1;
    }
  },
};

function linesOf({ groups, differences, refused }: ParityReport, tolerance: number): object[] {
  return [
    ...groups.map(({ shareOfWorth, shareOfDecisions, ...group }) => ({
      ...group,
      share_of_worth: shareOfWorth,
      share_of_decisions: shareOfDecisions,
    })),
    ...Object.entries(refused).map(([group, reason]) => ({ group, refused: reason })),
    ...differences.map(({ value, lowOfAll, highOfAll, ...rest }) => ({
      ...rest,
      difference: value,
      low_of_all: lowOfAll,
      high_of_all: highOfAll,
    })),
    { verdict: parityVerdict(differences, 'probability', tolerance), measure: 'probability', tolerance },
  ];
}

function cutsOption({ cuts }: OptionValues): number[] | undefined {
  if (typeof cuts !== 'string') return undefined;
  const edges = cuts.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const ascending = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!));
  if (ascending) return edges;
  throw new BadInput({ field: '--cuts' }, 'ascending numbers such as 30,50', show(cuts));
}
