/** What this device has learned of its shopper, kept beside the behaviour it comes from; the helper learns, on the clock. */

import type { ConsentState } from '../api.ts';
import type { Learned as Own } from '../protocol.ts';
import type { Store } from './store.ts';

export interface Learned {
  /** Nothing is learned of a shopper of whom nothing is kept. */
  setConsent(consent: ConsentState): Promise<void>;
  /** To be added to Q under this release: what another one's was added to is not this one's Q. */
  under(release: number | undefined): Own['by'] | undefined;
  /** Learns anew from all that the device keeps: whatever was erased has taught nothing. */
  turn(): Promise<void>;
  forget(): void;
}

/**
 * @param learn from what the device keeps; undefined where the release has it learn nothing
 * @param on whether the shop wants it
 */
export function openLearned(
  store: Pick<Store, 'get' | 'set'>,
  learn: () => Promise<Own | undefined>,
  on: boolean,
): Learned {
  let own: Own | undefined;
  let keeping = false;
  /** How often. */
  let forgotten = 0;
  /** @returns whether there was anything, and the shopper has not had it forgotten meanwhile */
  const take = async (coming: Promise<Own | undefined>): Promise<boolean> => {
    const asked = forgotten;
    const next = await coming;
    if (next === undefined || asked !== forgotten) return false;
    own = next;
    return true;
  };
  const forget = (): void => {
    forgotten++;
    own = undefined;
  };
  return {
    async setConsent(consent) {
      const before = keeping;
      keeping = on && consent === 'granted';
      // A decision that is made meanwhile goes by what is known: the same word again changes nothing.
      if (keeping === before) return;
      forget();
      if (keeping) await take(store.get('own'));
    },
    under: (release) => (own?.release === release ? own?.by : undefined),
    async turn() {
      if (keeping && (await take(learn()))) await store.set('own', own);
    },
    forget,
  };
}
