/** Learning on: from all that this device keeps of its shopper to what is added to Q. */

import { learnedFrom, observedOutcomes } from '../../shared/policy/adaptation.ts';
import type { Model } from '../model.ts';
import type { Learned } from '../protocol.ts';
import { RETENTION, type Store } from '../worker/store.ts';

/**
 * Anew each time, from the decisions that were seen and what followed: there is no state beside them to go astray.
 * @param now epoch milliseconds
 * @returns undefined where the release has devices learn nothing
 */
export async function learnHere(
  { meta, release }: Pick<Model, 'meta' | 'release'>,
  store: Pick<Store, 'decisions' | 'events'>,
  now: number,
): Promise<Learned | undefined> {
  const { adaptation, promotions } = meta;
  if (adaptation === undefined) return undefined;
  const [decisions, events] = await Promise.all([store.decisions(), store.events(RETENTION.events)]);
  const seen = decisions
    .filter(({ exposed }) => exposed)
    .map(({ ts, decision }) => ({ ts, action: decision.action }));
  const telling = events.filter(({ name }) => name === 'select_promotion' || name === 'purchase');
  const outcomes = observedOutcomes(seen, telling, adaptation.windowMs, now);
  return { release: release.manifest.version, by: learnedFrom(outcomes, promotions, adaptation) };
}
