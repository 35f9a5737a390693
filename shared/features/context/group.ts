/** What a group of context features is: one file each, whose exports it is, one ordered registry in ../context.ts. */

import type { Digest } from '../digest.ts';
import type { FeatureSpec } from '../spec.ts';

export interface ContextGroup {
  /** For explanations. */
  name: string;
  /** One a feature, in order; depends on the spec alone, so the width is known without a request. */
  names(spec: FeatureSpec): string[];
  /** As many numbers as names, each finite and roughly within -4 to 4. */
  values(digest: Digest): number[];
}

const MONTH_S = 30 * 86_400;

/** 1 for just now, falling with the logarithm of the age in seconds to 0 at thirty days; 0 for never. */
export function recency(ageS: number | undefined): number {
  if (ageS === undefined) return 0;
  return Math.max(0, 1 - Math.log1p(ageS) / Math.log1p(MONTH_S));
}

/** A count, tamed. */
export const tamed = (count: number): number => Math.log1p(count) / 2;

/** A price or sum against the shop's typical price: 0 at the typical price, 1 a factor e above it. */
export function priceLog(price: number, scale: number): number {
  return Math.max(-4, Math.min(4, Math.log(Math.max(price, 0.01 * scale) / scale)));
}

export const mean = (values: readonly number[]): number =>
  values.length === 0 ? 0 : values.reduce((sum, x) => sum + x, 0) / values.length;

export const flag = (yes: boolean): number => (yes ? 1 : 0);
