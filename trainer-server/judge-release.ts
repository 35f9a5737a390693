/** A trained bundle before the evidence gate: what shoppers would run, against what runs. */

import type { Dataset } from './dataset/load.ts';
import { judge, type Verdict } from './evaluate/gate.ts';
import { openPolicy, policyOf } from './policy/index.ts';
import type { Bundle } from './release/bundle.ts';
import type { TrainingOptions } from './training-options.ts';

/** Against the release it continues from, else against showing nothing. */
export async function judgement(
  candidate: Bundle,
  from: Bundle | undefined,
  judging: Dataset,
  tries: number,
  options: TrainingOptions,
): Promise<Verdict> {
  const stage = options.progress.stage(`judging on ${judging.decisions.length} held-out decisions`);
  const ours = await openPolicy(candidate);
  const theirs = from && (await decides(from)) ? await openPolicy(from) : undefined;
  try {
    const { features: spec } = await candidate.first();
    return await judge({
      dataset: judging,
      spec,
      candidate: policyOf('candidate', ours.model, ours.engine),
      ...(theirs === undefined
        ? {}
        : { running: policyOf('the earlier release', theirs.model, theirs.engine) }),
      tries,
      random: options.random.fork('judge'),
    });
  } finally {
    ours.engine.dispose();
    theirs?.engine.dispose();
    stage.end();
  }
}

/** By a policy, or by a shop's own order in its first weeks. */
async function decides(release: Bundle | undefined): Promise<boolean> {
  const first = await release?.first();
  return first?.head !== undefined || first?.firstWeeks === true;
}
