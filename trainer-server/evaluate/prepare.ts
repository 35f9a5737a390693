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
  const flags = flagsOf(dataset, decisions, estimated);
  const refused =
    rejectedTooMany(dataset) ??
    repeatedTooMany(decisions) ??
    (data.count === 0 ? undefined : (propensityProblem(data, propensity) ?? untried(data, target)));
  return {
    evidence: gatherEvidence(data, decisions, target, propensity),
    ...{ data, decisions, estimated, refused, flags, notes },
  };
}

const badLines = ({ rejected }: Dataset): string[] =>
  rejected.filter((row) => row.startsWith('decisions.jsonl'));

function rejectedTooMany(dataset: Dataset): string | undefined {
  const bad = badLines(dataset);
  const lines = bad.length + dataset.decisions.length;
  return bad.length > MOST_REJECTED * lines
    ? `${bad.length} of ${lines} decision lines cannot be used, and the rest may not stand for them; the first: ${bad[0]}`
    : undefined;
}

/** Of those that are no copies: which outcome belongs to which decision is then unknown. */
const repeatedIds = (decisions: readonly RewardedDecision[]): number =>
  decisions.length - new Set(decisions.map(({ id }) => id)).size;

function repeatedTooMany(decisions: readonly RewardedDecision[]): string | undefined {
  const repeated = repeatedIds(decisions);
  return repeated > MOST_REJECTED * decisions.length
    ? `${repeated} of ${decisions.length} decisions repeat the id of another one and differ from it: outcomes joined more than once, or ids of something else (one decision, one line, one id)`
    : undefined;
}

function untried(data: PolicyData, target: Float64Array): string | undefined {
  const { share, promotions } = untriedBy(data, target);
  return share > 1 - THRESHOLDS.overlap
    ? `${(100 * share).toFixed(0)} % of this policy is on promotions that the log never took (${promotions.slice(0, 5).join(', ')})`
    : undefined;
}

function flagsOf(dataset: Dataset, decisions: readonly RewardedDecision[], estimated: number): string[] {
  const flags: string[] = [];
  const bad = badLines(dataset).length;
  if (bad > 0) flags.push(`${bad} of ${bad + dataset.decisions.length} decision lines were left out`);
  if (estimated > 0) {
    flags.push(
      `${estimated} of ${decisions.length} propensities are missing and were estimated: figures are as good as that estimate`,
    );
  }
  const repeated = repeatedIds(decisions);
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
