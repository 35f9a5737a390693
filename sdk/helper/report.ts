/** A private report: one decision of the week, one number between 0 and W, one randomized bit. */

import { weigh } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import { jsEngineFromFirst } from '../../shared/kernels/js-engine.ts';
import { agreedTo, nextReportAt, spend } from '../../shared/privacy/ledger.ts';
import { drawOf, oneBit, randomizedBit } from '../../shared/privacy/one-bit.ts';
import { ARMS, type Arm, REPORT_EPSILON, reportText } from '../../shared/privacy/report.ts';
import { openModel } from '../model.ts';
import type { HelperRelease, ReportAsk } from '../protocol.ts';
import { withLedger } from './ledger.ts';

/** A decision as a private report sees it. */
export interface ReportedDecision {
  request: DecisionRequest;
  action: string;
  propensity: number;
  /** A purchase followed within the outcome window. */
  bought: boolean;
}

/** A report speaks of decisions of this long. */
const PERIOD_MS = 7 * 86_400_000;

/** When the next report may go, ms; undefined where none ever may. The first call opens the ledger. */
export function nextReport(now: number): Promise<number | undefined> {
  return withLedger((before) => {
    const ledger = agreedTo(before, now);
    return { ledger, result: nextReportAt(ledger, REPORT_EPSILON) };
  });
}

/**
 * Spends, then says what to send; undefined where the ledger forbids it. Every device that may report does, whether
 * it decided, showed, sold anything or not: a missing report would be a second, unprotected bit.
 */
export async function prepareReport(ask: ReportAsk, now: number): Promise<string | undefined> {
  const { release, candidate } = ask;
  const arm: Arm = candidate === undefined ? 'canary' : randomBelow(2) === 1 ? 'weighted' : 'control';
  const decisions = reportable(ask, now);
  const value = await valueInArm(decisions[randomBelow(decisions.length)], arm, candidate);
  const allowed = await withLedger((before) => {
    const ledger = spend(before, { at: now, release, epsilon: REPORT_EPSILON });
    return { ledger: ledger ?? before, result: ledger !== undefined };
  });
  if (!allowed) return undefined;
  const draw = drawOf(crypto.getRandomValues(new Uint8Array(6)));
  const bit = randomizedBit(oneBit(REPORT_EPSILON, ARMS[arm]), value, draw);
  return reportText({ format: 1, release, arm, bit });
}

/** Of the running release and the last week, with closed windows. */
function reportable({ running, decisions, events, outcomeMs }: ReportAsk, now: number): ReportedDecision[] {
  const purchases = events.filter(({ name }) => name === 'purchase');
  return decisions
    .filter(({ release, ts }) => release === running && ts >= now - PERIOD_MS && ts <= now - outcomeMs)
    .map(({ request, decision: { action, propensity }, ts }) => ({
      ...{ request, action, propensity },
      bought: purchases.some((event) => event.ts! >= ts && event.ts! < ts + outcomeMs),
    }));
}

/** x = w r: r is 1 where the decision was followed by a purchase, w the candidate's share of it. */
export async function valueInArm(
  decision: ReportedDecision | undefined,
  arm: Arm,
  candidate: HelperRelease | undefined,
): Promise<number> {
  if (!decision?.bought) return 0;
  if (arm !== 'weighted' || candidate === undefined) return 1;
  // A candidate that cannot be opened would have decided nothing.
  return weightOf(decision, candidate).catch(() => 0);
}

/** The candidate's probability of what was done, over that of the release that did it. */
async function weightOf(decision: ReportedDecision, candidate: HelperRelease): Promise<number> {
  const { action, propensity } = decision;
  // What was learned was learned under the release that decided.
  const { own: _own, ...request } = decision.request;
  const model = openModel(candidate);
  const engine = jsEngineFromFirst(model.meta, model.tensors);
  const { candidates, probabilities } = await weigh(request, model.decision, engine);
  const chosen = candidates.findIndex(({ id }) => id === action);
  return (probabilities[chosen] ?? 0) / propensity;
}

/** Uniform integer in [0, n); 0 where n is 0. */
function randomBelow(n: number): number {
  return Math.floor((drawOf(crypto.getRandomValues(new Uint8Array(6))) / 2 ** 48) * n);
}
