/** The consent that holds. */

import type { Consent, ConsentState } from '../api.ts';

export type ConsentChange = Partial<Record<keyof Consent, ConsentState | boolean>>;

/** Booleans as consent tools give them. */
export function changed(consent: Consent, change: ConsentChange): Consent {
  const state = (value: ConsentState | boolean): ConsentState =>
    value === true ? 'granted' : value || 'denied';
  const entries = Object.entries(change).map(([purpose, value]) => [purpose, state(value)]);
  return withoutRefused({ ...consent, ...Object.fromEntries(entries) });
}

/** Global Privacy Control forbids measurement whatever a consent tool says (https://w3c.github.io/gpc/). */
function withoutRefused(consent: Consent): Consent {
  const refused = (navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl;
  return refused ? { ...consent, measurement: 'denied' } : consent;
}
