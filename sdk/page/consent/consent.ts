/** The consent that holds: the shop's word, or its consent tool's, and Global Privacy Control above both. */

import type { Consent, ConsentState } from '../../api.ts';
import type { Settings } from '../../options.ts';

export type ConsentChange = Partial<Record<keyof Consent, ConsentState | boolean>>;

/**
 * Before anyone has spoken. Where a consent tool is named, behaviour stays in memory until it has; nothing is ever
 * sent on anything but a clear yes.
 */
export function unspoken({ consent, consentFrom }: Pick<Settings, 'consent' | 'consentFrom'>): Consent {
  const personalization = consentFrom !== '' && consent === 'granted' ? 'pending' : consent;
  return withoutRefused({ personalization, measurement: 'pending', reports: 'pending' });
}

/** Booleans as consent tools give them. */
export function changed(consent: Consent, change: ConsentChange): Consent {
  const state = (value: ConsentState | boolean): ConsentState =>
    value === true ? 'granted' : value || 'denied';
  const entries = Object.entries(change).map(([purpose, value]) => [purpose, state(value)]);
  return withoutRefused({ ...consent, ...Object.fromEntries(entries) });
}

/** Global Privacy Control forbids every sending, whatever a consent tool says (https://w3c.github.io/gpc/). */
function withoutRefused(consent: Consent): Consent {
  const refused = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  return refused ? { ...consent, measurement: 'denied', reports: 'denied' } : consent;
}
