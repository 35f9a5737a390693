/** What the tabs of one shop tell each other: the shopper is one, and says a thing once. */

import type { BehaviourEvent } from '../../shared/event.ts';
import type { Consent } from '../api.ts';

export type TabWord =
  | { event: BehaviourEvent }
  | { consent: Consent }
  | { dismissed: string }
  | { forget: true };

/**
 * Nothing of it leaves the browser. @param hear what another tab said
 * @returns how to tell the others; where there is no BroadcastChannel they learn of it at their next page
 */
export function openTabs(siteKey: string, hear: (word: TabWord) => void): (word: TabWord) => void {
  if (typeof BroadcastChannel === 'undefined') return () => undefined;
  const channel = new BroadcastChannel(`promo-edge:${siteKey}`);
  channel.onmessage = ({ data }) => hear(data);
  return (word) => channel.postMessage(word);
}
