/**
 * Which events the session encoder looked at. Attention says where a network reads, not what that did to the choice:
 * contributions (explain-decision.ts) say that.
 */

import type { DecisionModel } from '../decide.ts';
import type { DecisionRequest } from '../decision.ts';
import { eventsOfTokens, type SessionInput, sequenceOf } from '../features/sequence.ts';
import type { Watch } from '../kernels/js-session.ts';

/** The part of the attention that an event got; they sum to 1. */
export interface AttendedEvent {
  /** Its place in the request's history. */
  event: number;
  share: number;
}

/** @returns by share, largest first; empty where the policy reads no sequence or there is no history */
export function attentionOverEvents(
  { history }: Pick<DecisionRequest, 'history'>,
  { products, spec, sessionWidth }: DecisionModel,
  watchSession: ((input: SessionInput, watch: Watch) => void) | undefined,
): AttendedEvent[] {
  if (sessionWidth === 0 || history.length === 0 || watchSession === undefined) return [];
  const layers: Float32Array[][] = [];
  watchSession(sequenceOf(history, products, spec.priceEdges), (layer, t, shares) => {
    layers[layer] ??= [];
    layers[layer][t] = shares;
  });
  const shares = new Map<number, number>();
  const events = eventsOfTokens(history);
  rollout(layers).forEach((share, t) => {
    shares.set(events[t]!, (shares.get(events[t]!) ?? 0) + share);
  });
  return [...shares].map(([event, share]) => ({ event, share })).sort((a, b) => b.share - a.share);
}

/**
 * Attention of the last token on each token through all layers: "attention rollout", half of every layer being its
 * residual connection (Abnar & Zuidema 2020, "Quantifying attention flow in transformers", section 3).
 * @param layers by layer and token, its shares of the tokens up to itself, [t + 1]
 * @returns [tokens], summing to 1
 */
export function rollout(layers: readonly (readonly Float32Array[])[]): Float32Array {
  const tokens = layers[0]?.length ?? 0;
  let flow = new Float32Array(tokens);
  if (tokens > 0) flow[tokens - 1] = 1;
  for (const shares of [...layers].reverse()) {
    const below = flow.map((part) => part / 2);
    flow.forEach((part, t) => {
      for (let j = 0; j <= t; j++) below[j]! += (part / 2) * shares[t]![j]!;
    });
    flow = below;
  }
  return flow;
}
