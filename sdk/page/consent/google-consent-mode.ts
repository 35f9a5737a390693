/**
 * Google Consent Mode: `gtag('consent', 'default' | 'update', {...})`, as it stands in the dataLayer.
 * https://developers.google.com/tag-platform/security/guides/consent
 */

import { readDataLayer } from '../data-layer.ts';
import type { ConsentChange } from './consent.ts';
import type { ConsentTool } from './index.ts';

/** What a storage type of theirs says of purposes of ours. One that is not named says nothing. */
const PURPOSES: Record<string, readonly (keyof ConsentChange)[]> = {
  ad_personalization: ['personalization'],
  // After it, and so above it: the type that is about a shop's own recommendations.
  personalization_storage: ['personalization'],
  analytics_storage: ['measurement', 'reports'],
};

/** @returns undefined for what is no consent command, or says nothing that concerns us */
export function googleConsent(entry: unknown): ConsentChange | undefined {
  const { 0: command, 1: kind, 2: states } = (entry ?? {}) as Record<number, unknown>;
  if (command !== 'consent' || (kind !== 'default' && kind !== 'update')) return undefined;
  const said = (states ?? {}) as Record<string, unknown>;
  const change: ConsentChange = {};
  for (const [type, purposes] of Object.entries(PURPOSES)) {
    const denied = said[type] === 'denied';
    // A default for some regions may not be for this one, which only Google's server knows: its yes does not count.
    if (denied || (said[type] === 'granted' && said['region'] === undefined))
      for (const purpose of purposes) change[purpose] = !denied;
  }
  return Object.keys(change).length === 0 ? undefined : change;
}

export const googleConsentMode: ConsentTool = (say) =>
  readDataLayer((entry) => {
    const change = googleConsent(entry);
    if (change !== undefined) say(change);
  });
