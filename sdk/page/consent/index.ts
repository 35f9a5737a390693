/** Consent tools that are listened to: the registry. */

import type { ConsentState } from '../../api.ts';
import { guard } from '../emitter.ts';
import type { ConsentChange } from './consent.ts';
import { googleConsentMode } from './google-consent-mode.ts';
import { tcf } from './tcf.ts';

/**
 * Starts listening; @returns how to stop.
 * @param declared what the shop says holds for personalization where the tool asks nobody
 */
export type ConsentTool = (say: (change: ConsentChange) => void, declared: ConsentState) => () => void;

/** To add one: a file with one ConsentTool, one line here, one test. Names are those of `data-consent-from`. */
const TOOLS: Record<string, ConsentTool> = { tcf, googleConsentMode };

/** A tool that is not there, throws or never answers has said nothing: pending stays pending, and nothing is sent. */
export function listenToConsent(
  name: string,
  say: (change: ConsentChange) => void,
  declared: ConsentState,
): () => void {
  let stop: (() => void) | undefined;
  guard(() => {
    if (name !== '' && !Object.hasOwn(TOOLS, name))
      throw new Error(
        `promo-edge: data-consent-from: expected ${Object.keys(TOOLS).join(' or ')}, found ${name}. Until it is mended nothing is kept or sent`,
      );
    stop = TOOLS[name]?.(say, declared);
  });
  return () => guard(() => stop?.());
}
