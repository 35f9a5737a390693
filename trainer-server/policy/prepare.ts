/** From a data folder to a log as arrays: rewards, clicks, features. */

import { lookupIn } from '../../shared/features/lookup.ts';
import type { FeatureSpec } from '../../shared/features/spec.ts';
import type { Dataset } from '../dataset/load.ts';
import { clicksOf } from './clicks.ts';
import { type PolicyData, policyData, type RewardedDecision } from './policy-data.ts';
import { rewardedDecisions } from './rewards.ts';

export type PolicyDataset = Pick<Dataset, 'decisions' | 'events' | 'products' | 'promotions' | 'shop'>;

/** A log as arrays, with what had to be done to it in words. */
export function preparePolicyData(
  dataset: PolicyDataset,
  spec: FeatureSpec,
  sessionStates?: Float32Array,
): { data: PolicyData; decisions: RewardedDecision[]; notes: string[] } {
  const { decisions, places, computed, dropped } = rewardedDecisions(dataset);
  const notes: string[] = [];
  if (computed > 0) notes.push(`${computed} rewards computed from events`);
  if (dropped > 0) notes.push(`${dropped} decisions without a reward left out`);
  const width = (sessionStates?.length ?? 0) / Math.max(1, dataset.decisions.length);
  const states = sessionStates && rowsOf(sessionStates, width, places);
  const data = policyData(decisions, surroundingsOf(dataset, spec), states);
  const clicked = clicksOf(decisions, dataset.events);
  return { data: clicked === undefined ? data : { ...data, clicked }, decisions, notes };
}

/** What features of a dataset are read against. */
export function surroundingsOf(dataset: Pick<Dataset, 'products' | 'promotions'>, spec: FeatureSpec) {
  return {
    spec,
    products: lookupIn(dataset.products),
    promotions: new Map(dataset.promotions.map((promotion) => [promotion.id, promotion])),
  };
}

function rowsOf(table: Float32Array, width: number, places: readonly number[]): Float32Array {
  const out = new Float32Array(places.length * width);
  places.forEach((place, i) => {
    out.set(table.subarray(place * width, (place + 1) * width), i * width);
  });
  return out;
}
