/** What a log says of a canary against the release beside it. */

import type { LoggedDecision } from '../../shared/decision.ts';
import { type ArmReport, reportExperiment } from './experiment.ts';
import type { LiveEvidence } from './rollout.ts';

export interface CanaryArms {
  /** Of each decision, that names its arm. */
  attribute: string;
  /** Its values for visitors with the new release, and for the others. */
  canary: string;
  stable: string;
}

export interface CanaryEvidence {
  live: LiveEvidence;
  /** Why there is no lift, in words. */
  doubts: string[];
}

/** @param faults decisions of the new release that failed */
export function canaryEvidence(
  decisions: readonly (LoggedDecision & { reward: number })[],
  { attribute, canary, stable }: CanaryArms,
  faults = 0,
): CanaryEvidence {
  const armOf = ({ attributes }: LoggedDecision): string => String(attributes?.[attribute]);
  const compared = decisions.filter((decision) => [canary, stable].includes(armOf(decision)));
  const own = compared.filter((decision) => armOf(decision) === canary);
  const [arm] = reportExperiment(compared, { attribute, control: stable }).arms;
  return {
    live: { decisions: own.length, faults, ...liftOf(arm) },
    doubts: arm?.refused === undefined ? [] : [arm.refused],
  };
}

/** Absent where the report refused. */
function liftOf(arm: ArmReport | undefined): Pick<LiveEvidence, 'lift'> {
  if (arm === undefined || arm.lift === null) return {};
  return {
    lift: {
      ...{ value: arm.lift, low: arm.once_low!, high: arm.once_high! },
      ...{ alwaysLow: arm.low!, alwaysHigh: arm.high! },
      ...{ visitors: arm.visitors, controlMean: arm.control_mean },
    },
  };
}
