/**
 * For the shop's own server: the offers that a page may carry in its first paint. They are what the release chooses
 * for a shopper of whom nothing is known, the same for everyone, so that pages can be cached; the browser leaves such
 * slots as they are and decides the others.
 * @example
 * const release = await openServer({ siteKey: 'demo', endpoint: 'https://trainer.example', keys: ['9d61...'] });
 * const { home } = await release.offers(['home']);
 * response.send(slotHtml('home', home, 'Free delivery from 75'));
 * @module
 */

import type { Creative, DecideOptions } from '../api.ts';
import { chooseSlot } from '../inspect/choose-slot.ts';
import { openRelease, type InspectOptions as ServerOptions } from '../inspect/open-release.ts';
import { creativeOf } from '../worker/creative.ts';

export { slotHtml } from './slot-html.ts';
export type { ServerOptions };

/** What stands in a slot from the start. */
export interface ServerOffer {
  action: string;
  creative: Creative;
}

export interface ServerOffersOptions extends Pick<DecideOptions, 'attributes' | 'eligible' | 'locale'> {
  /** Epoch milliseconds; now where absent. */
  ts?: number;
}

export interface ServerRelease {
  readonly version: number;
  /**
   * By slot, in this order, no promotion twice; a slot without an offer that has words is left out. Always the best of
   * the release, net of the price of budget: what everyone sees explores nothing. Nothing where the release has
   * expired or is switched off.
   */
  offers(slots: readonly string[], options?: ServerOffersOptions): Promise<Record<string, ServerOffer>>;
  /** Takes up a newer release where there is one; what fails leaves what was. @returns whether it did */
  refresh(): Promise<boolean>;
}

/** @throws Untrusted where the release is not signed as the options want; otherwise what fetch throws */
export async function openServer(options: ServerOptions): Promise<ServerRelease> {
  let release = await openRelease(options);
  return {
    get version() {
      return release.version;
    },
    async offers(slots, { ts = Date.now(), locale, ...about } = {}) {
      const { whole } = release;
      const { manifest } = whole.model.release;
      const { shop, promotions } = whole.model.meta;
      const found: Record<string, ServerOffer> = {};
      if (manifest.mode === 'off' || manifest.expires <= ts) return found;
      const language = locale ?? shop.locale;
      const shown: string[] = [];
      for (const slot of slots) {
        const asked = { ...about, locale: language, shown };
        const nobody = { history: [], ts, seed: slot, choosing: 'best' } as const;
        const action = await chooseSlot(slot, asked, whole, nobody);
        const promotion = promotions.find(({ id }) => id === action);
        const creative = promotion && creativeOf(promotion, language, shop.locale);
        if (creative === undefined) continue;
        found[slot] = { action, creative };
        shown.push(action);
      }
      return found;
    },
    async refresh() {
      const next = await openRelease(options).catch(() => undefined);
      // Rollback attack: an old release, signed in its time, must not come back.
      if (next === undefined || next.version <= release.version) return false;
      release = next;
      return true;
    },
  };
}
