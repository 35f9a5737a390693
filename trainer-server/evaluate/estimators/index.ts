/** Every estimator, in the order in which `evaluate` prints them. To add one: a file beside this, a line here. */

import { clippedIps } from './clipped-ips.ts';
import { direct } from './direct.ts';
import { doublyRobust } from './doubly-robust.ts';
import { drPerDecision } from './dr-per-decision.ts';
import type { Estimator } from './estimator.ts';
import { fittedQ } from './fitted-q.ts';
import { ips } from './ips.ts';
import { moreRobust } from './more-robust.ts';
import { perDecisionIs } from './per-decision-is.ts';
import { slatePi } from './slate-pi.ts';
import { snips } from './snips.ts';
import { switchDr } from './switch-dr.ts';
import { trajectoryIs } from './trajectory-is.ts';

export const ESTIMATORS: readonly Estimator[] = [
  ips,
  clippedIps,
  snips,
  direct,
  doublyRobust,
  switchDr,
  moreRobust,
  fittedQ,
  perDecisionIs,
  trajectoryIs,
  drPerDecision,
  slatePi,
];
