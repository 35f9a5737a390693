/** `report uplift`: who buys because of a promotion, and who would have bought anyway. */

import { weigh } from '../../shared/decide.ts';
import type { LoggedDecision } from '../../shared/decision.ts';
import { BadInput } from '../../shared/errors.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { seeded } from '../../shared/random.ts';
import type { Io, OptionValues } from '../commands/command.ts';
import { needed, numberOption } from '../commands/options.ts';
import { loadDataset } from '../dataset/load.ts';
import { crossFittedRewards } from '../evaluate/reward-model.ts';
import { fitSpec, openPolicy } from '../policy/index.ts';
import type { PolicyData, RewardedDecision } from '../policy/policy-data.ts';
import { preparePolicyData } from '../policy/prepare.ts';
import { openBundle } from '../release/bundle.ts';
import type { Report } from '../reports/report.ts';
import { upliftReport } from './uplift-report.ts';

const HELP = `  Effects of each promotion against another, by doubly robust scores: for everyone, for those it would be chosen for
  and for the others, by tenth of the ranking, the gain of offering to the best-ranked share, the Qini coefficient, and
  which share of the buyers would have bought anyway. Needs a log that tried both at random, or at known odds.
  --bundle   ranks by this release, which must not have been trained on these decisions; by a model fitted on the
             other visitors' decisions where absent
  --against  the promotion to compare with (default ${NONE_ID})
  --bought   name of the field of \`outcome\` that is above 0 where the shopper bought (default: a reward above 0)`;

export const report: Report = {
  name: 'uplift',
  summary: 'who buys because of a promotion, and who would have bought anyway',
  help: HELP,
  options: { bundle: { type: 'string' }, against: { type: 'string' }, bought: { type: 'string' } },
  async run(values, io) {
    const dataset = await loadDataset(needed(values, 'data', 'a data folder'));
    const bundle = values.bundle === undefined ? undefined : needed(values, 'bundle', 'a bundle folder');
    const opened = bundle === undefined ? undefined : await openPolicy(await openBundle(bundle));
    try {
      const spec: FeatureSpec = opened?.model.spec ?? fitSpec(dataset);
      const { data, decisions, notes } = preparePolicyData(dataset, spec);
      for (const note of notes) io.progress.say(note);
      const predicted =
        opened === undefined
          ? crossFittedRewards(data)
          : await predictions(data, decisions, (request) => weigh(request, opened.model, opened.engine));
      const against = comparison(values, data);
      const random = seeded(
        numberOption(values, 'seed', { fallback: 1, min: 0, max: Number.MAX_SAFE_INTEGER }),
      );
      const bought = purchases(values, decisions, io);
      const lines = upliftReport({ data, predicted, bought, against, random });
      for (const line of lines) io.out(JSON.stringify(line));
      return lines.every(({ kind }) => kind === 'refused') ? 1 : 0;
    } finally {
      opened?.engine.dispose();
    }
  },
};

/** A release's expected reward of every eligible promotion, [rows]; what its masks forbid counts as never worth it. */
async function predictions(
  data: PolicyData,
  decisions: readonly LoggedDecision[],
  weighed: (request: LoggedDecision) => ReturnType<typeof weigh>,
): Promise<Float64Array> {
  const rows = new Float64Array(data.offsets[data.count]!);
  for (const [i, decision] of decisions.entries()) {
    const { candidates, q } = await weighed(decision);
    const byId = new Map(candidates.map(({ id }, k) => [id, q[k]!]));
    decision.eligible.forEach((id, k) => {
      rows[data.offsets[i]! + k] = byId.get(id) ?? -Number.MAX_VALUE;
    });
  }
  return rows;
}

function comparison(values: OptionValues, data: PolicyData): string {
  const against = typeof values.against === 'string' ? values.against : NONE_ID;
  if (data.promotions.includes(against)) return against;
  throw new BadInput({ field: '--against' }, `one of ${data.promotions.join(', ')}`, against);
}

/** 1 where the shopper bought; undefined, with a word, where the log cannot tell. */
function purchases(
  values: OptionValues,
  decisions: readonly RewardedDecision[],
  io: Io,
): Float64Array | undefined {
  const field = typeof values.bought === 'string' ? values.bought : undefined;
  if (field === undefined) {
    io.progress.say('bought: a reward above 0 counts as a purchase; --bought names a better field');
    return Float64Array.from(decisions, ({ reward }) => (reward > 0 ? 1 : 0));
  }
  const missing = decisions.find(({ outcome }) => typeof outcome?.[field] !== 'number');
  if (missing === undefined)
    return Float64Array.from(decisions, ({ outcome }) => (Number(outcome![field]) > 0 ? 1 : 0));
  throw new BadInput(
    { field: `outcome.${field}` },
    'a number in every decision',
    `none in ${missing.id}`,
    'leave --bought out to count rewards above 0',
  );
}
