/** Simulated shoppers' devices that learn on, each from its own shopper alone. */

import type { DecisionModel } from '../../shared/decide.ts';
import type { DecisionRequest } from '../../shared/decision.ts';
import type { Engine } from '../../shared/engine.ts';
import type { BehaviourEvent } from '../../shared/event.ts';
import {
  type Adaptation,
  learnedFrom,
  observedOutcomes,
  type PastDecision,
} from '../../shared/policy/adaptation.ts';
import { NONE_ID } from '../../shared/promotion.ts';
import { policyOf } from '../../trainer-server/policy/policy-of.ts';
import type { SimulatedPolicy } from '../../trainer-server/simulate/index.ts';

/** What one device remembers. */
interface Device {
  decisions: PastDecision[];
  events: BehaviourEvent[];
  /** Of the decision whose promotion is not known yet. */
  askedAt: number | undefined;
  own: Record<string, number> | undefined;
}

/**
 * The policy of `model` with what each device has learned: after a decision the helper learns from what came of those
 * before it, as `sdk/helper/learn.ts` does two seconds into a page, so a decision knows all but the last one's outcome.
 * A policy sees requests alone, so what was shown is read off the next request's history.
 */
export function adaptedPolicy(
  name: string,
  model: DecisionModel,
  engine: Pick<Engine, 'encodeSession' | 'score'>,
  adaptation: Adaptation,
): SimulatedPolicy {
  const devices = new Map<string, Device>();
  const promotions = [...model.promotions.values()];
  const frozen = policyOf(name, { ...model, ownBound: adaptation.bound }, engine);
  const withOwn = (request: DecisionRequest): DecisionRequest => {
    const device = deviceOf(devices, request);
    const { own } = device;
    notice(device, request);
    const past = [...device.decisions, { ts: request.ts!, action: NONE_ID }];
    const outcomes = observedOutcomes(past, device.events, adaptation.windowMs, request.ts!);
    device.own = learnedFrom(outcomes, promotions, adaptation);
    return own === undefined ? request : { ...request, own };
  };
  return { name, probabilities: (requests) => frozen.probabilities(requests.map(withOwn)) };
}

function deviceOf(devices: Map<string, Device>, { id = '' }: DecisionRequest): Device {
  const visitor = id.slice(0, id.lastIndexOf('-'));
  const known = devices.get(visitor);
  if (known !== undefined) return known;
  const made: Device = { decisions: [], events: [], askedAt: undefined, own: undefined };
  devices.set(visitor, made);
  return made;
}

/** Takes in what happened since the last request. */
function notice(device: Device, { history, ts }: DecisionRequest): void {
  const since = device.askedAt;
  device.askedAt = ts!;
  if (since === undefined) return;
  const fresh = history.filter((event) => event.ts !== undefined && event.ts >= since);
  const shown = fresh.find(({ name }) => name === 'view_promotion')?.promotion;
  device.decisions.push({ ts: since, action: shown ?? NONE_ID });
  device.events.push(...fresh.filter(({ name }) => name === 'select_promotion' || name === 'purchase'));
}
