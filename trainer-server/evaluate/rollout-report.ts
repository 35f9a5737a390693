/** `report rollout`: what to do with a canary now, from what its visitors earned. */

import { BadInput, show } from '../../shared/errors.ts';
import type { Io } from '../commands/command.ts';
import { needed, numberOption } from '../commands/options.ts';
import { type Dataset, loadDataset } from '../dataset/load.ts';
import { openPolicy } from '../policy/policy-of.ts';
import { rewardedDecisions } from '../policy/rewards.ts';
import { openBundle } from '../release/bundle.ts';
import type { Report } from '../reports/report.ts';
import { canaryEvidence } from './canary-evidence.ts';
import { nextStep, type Stage } from './rollout.ts';
import { shadowRun } from './shadow-run.ts';

const STAGES: readonly Stage[] = ['shadow', 'canary', 'full'];
/** How a step is taken: `publish` does it. */
const COMMAND = {
  stay: undefined,
  withdraw: 'promo-edge publish --withdraw',
  advance: (share: number) =>
    share === 1 ? 'promo-edge publish --promote' : `promo-edge publish --bundle BUNDLE --canary ${share}`,
};

export const report: Report = {
  name: 'rollout',
  summary: 'whether a canary goes on, waits or is withdrawn, by live evidence',
  help: `  Visitors of decisions.jsonl whose attribute names the canary against those of the stable release, since the present
  share began. Prints {action, stage, share, reasons, command?}; its interval holds however often one asks.
  --stage    shadow, canary (default) or full
  --bundle   for the shadow: the candidate, which decides all of decisions.jsonl beside what was decided and shows nothing
  --share    share of devices that have the canary now (default 0.01)
  --by       the attribute (default: arm)
  --canary   its value for visitors with the new release (default: canary)
  --stable   its value for the others (default: stable)
  --faults   decisions of the new release that failed (default 0)`,
  options: Object.fromEntries(
    ['stage', 'bundle', 'share', 'by', 'canary', 'stable', 'faults'].map((name) => [
      name,
      { type: 'string' as const },
    ]),
  ),
  async run(values, io) {
    const text = (name: string, fallback: string): string =>
      typeof values[name] === 'string' ? (values[name] as string) : fallback;
    const stage = STAGES.find((known) => known === text('stage', 'canary'));
    if (stage === undefined) throw new BadInput({ field: '--stage' }, STAGES.join(', '), show(values.stage));
    const share = numberOption(values, 'share', { fallback: 0.01, min: 0, max: 1 });
    const faults = numberOption(values, 'faults', { fallback: 0, min: 0, max: 1e12, integer: true });
    const dataset = await loadDataset(needed(values, 'data', 'a data folder'));
    if (stage === 'shadow')
      return inShadow(dataset, needed(values, 'bundle', 'the bundle of the candidate'), io);
    const { decisions } = rewardedDecisions(dataset);
    const [attribute, canary, stable] = [
      text('by', 'arm'),
      text('canary', 'canary'),
      text('stable', 'stable'),
    ];
    const { live, doubts } = canaryEvidence(decisions, { attribute, canary, stable }, faults);
    const step = nextStep({ stage, share }, live);
    const command = step.action === 'advance' ? COMMAND.advance(step.share) : COMMAND[step.action];
    io.out(
      JSON.stringify({
        ...step,
        reasons: [...step.reasons, ...doubts],
        ...(command === undefined ? {} : { command }),
      }),
    );
    return 0;
  },
};

/** @returns exit status */
async function inShadow({ decisions }: Dataset, folder: string, io: Io): Promise<number> {
  const { model, engine } = await openPolicy(await openBundle(folder));
  const {
    decisions: count,
    faults,
    p95Ms,
    changed,
    shown,
    fault,
  } = await shadowRun(decisions, model, engine, () => performance.now());
  engine.dispose();
  // Told, not judged: this machine's time is not a device's.
  const step = nextStep({ stage: 'shadow', share: 0 }, { decisions: count, faults });
  const command = step.action === 'advance' ? COMMAND.advance(step.share) : undefined;
  io.out(
    JSON.stringify({
      ...step,
      ...{ decisions: count, faults, p95_ms: p95Ms, changed, shown },
      ...(fault === undefined ? {} : { fault }),
      ...(command === undefined ? {} : { command }),
    }),
  );
  return 0;
}
