/** Consented trajectories as they are sent. */

import { shopperFields } from '../../shared/decision.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import { eventLine, itemLines, type Trajectory, type TrajectoryBatch } from '../../shared/feedback.ts';
import type { DecisionRecord } from '../worker/record.ts';

/** The body of `POST /s/:site/trajectories`. @param visitor made up at consent */
export function trajectoryBatch(
  records: readonly DecisionRecord[],
  visitor: string,
  currency: string,
): string {
  const batch: TrajectoryBatch = {
    format: 1,
    trajectories: records.map((record) => trajectoryOf(record, visitor, currency)),
  };
  return JSON.stringify(batch);
}

function trajectoryOf(record: DecisionRecord, visitor: string, currency: string): Trajectory {
  const { request, decision } = record;
  const line = (event: BehaviourEvent) => eventLine(event, currency);
  return {
    id: record.id,
    ts: record.ts,
    visitor,
    slot: record.slot,
    ...(request.attributes === undefined ? {} : { attributes: request.attributes }),
    ...shopperFields(request),
    history: request.history.map(line),
    ...(request.cart === undefined ? {} : { cart: itemLines(request.cart, currency) }),
    eligible: request.eligible,
    action: decision.action,
    propensity: decision.propensity,
    release: record.release,
    featureVersion: record.featureVersion,
    seed: record.seed,
    tier: record.tier,
    exposed: record.exposed,
    after: record.after.map(line),
    ...(record.outcome === undefined ? {} : { outcome: record.outcome }),
  };
}
