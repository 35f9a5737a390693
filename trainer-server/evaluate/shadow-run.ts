/**
 * The shadow stage: a candidate decides what devices were asked, beside what was decided, and shows nothing. On requests
 * that came back, so that no device does work for it: what it would earn is the gate's matter, what fails is seen here.
 */

import { type DecisionModel, weigh } from '../../shared/decide.ts';
import type { LoggedDecision } from '../../shared/decision.ts';
import type { Engine } from '../../shared/engine.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import type { LiveEvidence } from './rollout.ts';

export interface ShadowRun extends Required<Pick<LiveEvidence, 'decisions' | 'faults' | 'p95Ms'>> {
  /** Share of decisions, 0 to 1, in which it would have shown something else than was shown. */
  changed: number;
  /** Share in which it would have shown anything. */
  shown: number;
  /** What went wrong first, in words. */
  fault?: string;
}

/** @param clock milliseconds from any origin */
export async function shadowRun(
  decisions: readonly LoggedDecision[],
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
  clock: () => number,
): Promise<ShadowRun> {
  const times: number[] = [];
  const faults: string[] = [];
  let same = 0;
  let shown = 0;
  for (const { propensity: _, reward: __, ...decision } of decisions) {
    const began = clock();
    try {
      const { candidates, probabilities, reasons } = await weigh(decision, model, engine);
      if (reasons.some(({ code }) => code === 'value-not-finite')) faults.push('a value that is no number');
      const at = (id: string): number => probabilities[candidates.findIndex((one) => one.id === id)] ?? 0;
      // Nothing may be shown: none, with certainty.
      const none = candidates.length === 0 ? 1 : at(NONE_ID);
      same += decision.action === NONE_ID ? none : at(decision.action);
      shown += 1 - none;
    } catch (error) {
      faults.push((error as Error).message);
    }
    times.push(clock() - began);
  }
  times.sort((a, b) => a - b);
  const share = (sum: number): number => (decisions.length === 0 ? 0 : sum / decisions.length);
  return {
    decisions: decisions.length,
    faults: faults.length,
    p95Ms: times[Math.floor(0.95 * times.length)] ?? 0,
    changed: 1 - share(same),
    shown: share(shown),
    ...(faults[0] === undefined ? {} : { fault: faults[0] }),
  };
}
