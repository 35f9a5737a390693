/** Devices that are never shown anything, for good: what all promotions together are worth is measured against them. */

import type { DecisionRequest } from '../decision.ts';
import { NONE_ID } from '../promotion.ts';
import { uniform } from '../random.ts';

/**
 * Whether a device is held out. It stays so from release to release, and a larger share keeps those who are in.
 * @param salt of this device, which it never sends: nobody outside knows who is held out
 */
export function isHeldOut(salt: string, share: number | undefined): boolean {
  return share !== undefined && share > 0 && uniform(`holdout/${salt}`).next() < share;
}

/**
 * A held-out device's request: nothing but `none` may be shown, so that the log says with which certainty (propensity 1)
 * and nobody learns from it what promotions do. Where a slot cannot stay empty the request is left as it is.
 */
export function withHoldout<R extends DecisionRequest & { eligible: string[] }>(
  request: R,
  heldOut: boolean,
): R {
  if (!heldOut || !request.eligible.includes(NONE_ID)) return request;
  return { ...request, eligible: [NONE_ID] };
}
