/**
 * For who runs the shop, in their own browser: looks inside a release as the device loads it, decides a past moment
 * again, or lets another published release choose on this page alone. A file of its own, which a page loads when it is
 * opened; nothing of it is sent, but releases are fetched when they are asked for.
 * @example
 * const { openRelease, useRelease } = await import('promo-edge/sdk/inspect');
 * const before = await openRelease({ endpoint, siteKey, keys }, 3);
 * const back = useRelease(edge, before);
 * @module
 */

export type { Choosing } from './choose-slot.ts';
export { type InspectOptions, type OpenedRelease, openRelease, tagOptions } from './open-release.ts';
export { type BudgetEffect, type EnteredFeature, type KeptDecision, type Replay, replay } from './replay.ts';
export { useRelease } from './use-release.ts';
