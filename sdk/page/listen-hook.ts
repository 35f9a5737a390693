/** How the loader gets at listen.ts: a script with its hash, and the function that it leaves on the page. */

import type { Consent, PromoEdge } from '../api.ts';
import type { Settings } from '../options.ts';
import { addScript } from '../start-file.ts';
import { COLLECTORS } from './collect/index.ts';

/** Set by the build. */
declare const LISTEN_INTEGRITY: string;

/** Starts listening; @returns how to stop. */
export type Listen = (settings: Settings, edge: PromoEdge, consent: () => Consent) => () => void;

/** The file's name, and that of its hook. */
export const LISTEN = 'promo-edge-listen';

/** @returns how to stop; nothing where the page asks for nothing of it, or where it cannot load */
export async function listenMore(
  settings: Settings,
  ...rest: [edge: PromoEdge, consent: () => Consent]
): Promise<(() => void) | undefined> {
  const { endpoint, sources, consentFrom, announce } = settings;
  if (!consentFrom && !announce && sources.every((source) => source in COLLECTORS)) return undefined;
  await addScript({ endpoint, name: LISTEN, integrity: LISTEN_INTEGRITY });
  return (globalThis as unknown as Record<string, Listen>)[LISTEN]!(settings, ...rest);
}
