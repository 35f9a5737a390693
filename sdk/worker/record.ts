/** A decision as the device remembers it. */

import type { Decision, DecisionRequest } from '../../shared/decision.ts';
import type { Tier } from '../../shared/engine.ts';
import type { BehaviourEvent } from '../../shared/event.ts';

export interface DecisionRecord {
  id: string;
  slot: string;
  ts: number;
  request: DecisionRequest & { eligible: string[] };
  decision: Decision;
  /** By promotion, in the order of `decision.values`, before the draw. */
  probabilities: number[];
  seed: string;
  release: number;
  featureVersion: number;
  tier: Tier;
  exposed: boolean;
  /** Consent to measurement stood when it was made: only then may it ever be sent. */
  consented: boolean;
  sent: boolean;
  /** What followed within the outcome window, while consent stands. */
  after: BehaviourEvent[];
  outcome?: Record<string, unknown>;
}
