/** The state's context features: what the policy knows beside the session encoder's vector. */

import * as attributes from './context/attributes.ts';
import * as behaviour from './context/behaviour.ts';
import * as cart from './context/cart.ts';
import * as exposure from './context/exposure.ts';
import type { ContextGroup } from './context/group.ts';
import * as interests from './context/interests.ts';
import * as prices from './context/prices.ts';
import * as rates from './context/rates.ts';
import * as searches from './context/searches.ts';
import * as slot from './context/slot.ts';
import * as time from './context/time.ts';
import type { Digest } from './digest.ts';
import type { FeatureSpec } from './spec.ts';

/** In the order of the vector. Changing anything here means raising FEATURE_VERSION. */
export const CONTEXT_GROUPS: readonly ContextGroup[] = [
  behaviour,
  rates,
  searches,
  prices,
  interests,
  cart,
  exposure,
  time,
  slot,
  attributes,
];

/** Each group's by itself: a device that only decides does not carry the names. */
const VALUES: readonly ContextGroup['values'][] = [
  behaviour.values,
  rates.values,
  searches.values,
  prices.values,
  interests.values,
  cart.values,
  exposure.values,
  time.values,
  slot.values,
  attributes.values,
];

/** What each number stands for, in order. */
export function contextNames(spec: FeatureSpec): string[] {
  return CONTEXT_GROUPS.flatMap((group) => group.names(spec));
}

export function contextWidth(spec: FeatureSpec): number {
  return contextNames(spec).length;
}

/** The features of one request, [contextWidth]. */
export function contextOf(digest: Digest): Float32Array {
  const all: number[] = [];
  for (const values of VALUES) all.push(...values(digest));
  return new Float32Array(all);
}

/** Attributes of a request that training never saw: they are ignored, and said to be. */
export function unknownAttributes({ request, spec }: Digest): string[] {
  const known = new Set(spec.attributes.map((feature) => feature.name));
  return Object.keys(request.attributes ?? {}).filter((name) => !known.has(name));
}
