/**
 * IAB Transparency and Consent Framework, version 2.2: `__tcfapi` with an event listener (`getTCData` is deprecated).
 * https://github.com/InteractiveAdvertisingBureau/GDPR-Transparency-and-Consent-Framework, CMP API v2.
 */

import type { Consent } from '../../api.ts';
import type { ConsentChange } from './consent.ts';
import type { ConsentTool } from './index.ts';

/**
 * The framework's purposes that each of ours needs, all of them: 1 store on the device, 5 and 6 create and use a
 * profile to personalise content, 8 measure content, 10 develop and improve services.
 */
const NEEDED: Record<keyof Consent, readonly number[]> = {
  personalization: [1, 5, 6],
  measurement: [1, 8, 10],
  reports: [1, 8],
};

export interface TcData {
  eventStatus?: string;
  gdprApplies?: boolean;
  listenerId?: number;
  purpose?: { consents?: Record<string, boolean> };
  /** What the shop itself, rather than its vendors, may do; not every tool fills it in. */
  publisher?: { consents?: Record<string, boolean> };
}

type TcfApi = (
  command: string,
  version: 2,
  callback: (data: TcData, success: boolean) => void,
  parameter?: number,
) => void;

/** @returns undefined while the shopper has not answered: the tool shows its questions, or is still starting */
export function tcfConsent(data: TcData): ConsentChange | undefined {
  if (data.eventStatus !== 'tcloaded' && data.eventStatus !== 'useractioncomplete') return undefined;
  const agreed = (purpose: number): boolean =>
    data.purpose?.consents?.[purpose] === true && data.publisher?.consents?.[purpose] !== false;
  return Object.fromEntries(
    Object.entries(NEEDED).map(([purpose, needed]) => [purpose, needed.every(agreed)]),
  );
}

export const tcf: ConsentTool = (say, declared) => {
  const page = globalThis as { __tcfapi?: TcfApi };
  let listener: number | undefined;
  const start = (): void =>
    page.__tcfapi?.('addEventListener', 2, (data, success) => {
      if (!success || !data) return say({ personalization: false, measurement: false, reports: false });
      listener = data.listenerId;
      // Where the GDPR does not apply the tool asks nobody, and no answer of its may be read as a yes to sending.
      const change = data.gdprApplies === false ? { personalization: declared } : tcfConsent(data);
      if (change !== undefined) say(change);
    });
  if (page.__tcfapi) start();
  else addEventListener('load', start, { once: true });
  return () => {
    removeEventListener('load', start);
    if (listener !== undefined) page.__tcfapi?.('removeEventListener', 2, () => undefined, listener);
  };
};
