/** From a data folder and a target policy to evidence, with what forbids a figure and what must be said with one. */

import type { FeatureSpec } from '../../shared/features/spec.ts';
import type { Dataset } from '../dataset/load.ts';
import type { PolicyData, RewardedDecision } from '../policy/policy-data.ts';
import { preparePolicyData } from '../policy/prepare.ts';
import { propensitiesOf } from '../policy/propensity.ts';
import type { SimulatedPolicy } from '../simulate/index.ts';
import { type Evidence, probabilityRows } from './evidence.ts';
import { gatherEvidence } from './gather-evidence.ts';
import { propensityProblem, untriedBy } from './propensity-check.ts';
import { THRESHOLDS } from './thin.ts';

export interface Prepared {
  evidence: Evidence;
  data: PolicyData;
  decisions: RewardedDecision[];
  /** How many propensities are estimates. */
  estimated: number;
  refused?: string | undefined;
  flags: string[];
  /** What was done to the log on the way, in words. */
  notes: string[];
}

/** Largest share of decision lines that may be unusable: what is left of more is another log. */
const MOST_REJECTED = 0.05;

export async function prepareEvidence(
  dataset: Dataset,
  spec: FeatureSpec,
  policy: SimulatedPolicy,
): Promise<Prepared> {
  const { data, decisions, notes } = preparePolicyData(dataset, spec);
  const { propensity, estimated } = propensitiesOf(data);
  const target = await probabilityRows(policy, decisions, data);
  const flags = flagsOf(decisions, estimated);
  const refused =
    rejectedTooMany(dataset) ??
    (data.count === 0 ? undefined : (propensityProblem(data, propensity) ?? untried(data, target)));
  return {
    evidence: gatherEvidence(data, decisions, target, propensity),
    ...{ data, decisions, estimated, refused, flags, notes },
  };
}

function rejectedTooMany({ decisions, rejected }: Dataset): string | undefined {
  const bad = rejected.filter((row) => row.startsWith('decisions.jsonl'));
  const share = bad.length / Math.max(1, bad.length + decisions.length);
  return share > MOST_REJECTED
    ? `${bad.length} of ${bad.length + decisions.length} decision lines cannot be used, and the rest may not stand for them; the first: ${bad[0]}`
    : undefined;
}

function untried(data: PolicyData, target: Float64Array): string | undefined {
  const { share, promotions } = untriedBy(data, target);
  return share > 1 - THRESHOLDS.overlap
    ? `${(100 * share).toFixed(0)} % of this policy is on promotions that the log never took (${promotions.slice(0, 5).join(', ')})`
    : undefined;
}

function flagsOf(decisions: readonly RewardedDecision[], estimated: number): string[] {
  const flags: string[] = [];
  if (estimated > 0) {
    flags.push(
      `${estimated} of ${decisions.length} propensities are missing and were estimated: figures are as good as that estimate`,
    );
  }
  const repeated = decisions.length - new Set(decisions.map(({ id }) => id)).size;
  if (repeated > 0) flags.push(`${repeated} decisions repeat the id of another one`);
  const blind = decisions.every(
    ({ history, attributes }) => history.length === 0 && Object.keys(attributes ?? {}).length === 0,
  );
  if (blind && decisions.length > 0) {
    flags.push(
      'the log carries neither behaviour nor attributes: it says what each promotion is worth on average, not for whom; a policy that chooses by shopper cannot be judged on it',
    );
  }
  return flags;
}
