/** How the loader gets at listen.ts: a script with its hash, and the function that it leaves on the page. */

import type { Consent, PromoEdge } from '../api.ts';
import type { Settings } from '../options.ts';
import { addScript } from '../start-file.ts';
import { COLLECTORS } from './collect/index.ts';

/** Set by the build. */
declare const LISTEN_INTEGRITY: string;

/** Starts listening; @returns how to stop, once what must come before the first decision is there. */
export type Listen = (settings: Settings, edge: PromoEdge, consent: () => Consent) => Promise<() => void>;

/** The file's name, and that of its hook. */
export const LISTEN = 'promo-edge-listen';

/** What stands before the token in the link of a preview. */
export const PREVIEW_LINK = '#promo-edge-preview=';

export const isPreview = (): boolean => location.hash.startsWith(PREVIEW_LINK);

/** @returns how to stop; nothing where the page asks for nothing of it, or where it cannot load */
export async function listenMore(
  settings: Settings,
  ...rest: [edge: PromoEdge, consent: () => Consent]
): Promise<(() => void) | undefined> {
  const { endpoint, sources, consentFrom, announce } = settings;
  if (!consentFrom && !announce && !isPreview() && sources.every((source) => source in COLLECTORS))
    return undefined;
  await addScript({ endpoint, name: LISTEN, integrity: LISTEN_INTEGRITY });
  return (globalThis as unknown as Record<string, Listen>)[LISTEN]!(settings, ...rest);
}
