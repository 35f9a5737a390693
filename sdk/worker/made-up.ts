/** What this device draws for itself at first need, and keeps until the shopper has it forgotten. */

import { toHex } from '../../shared/hex.ts';
import type { Kept, Store } from './store.ts';

/**
 * @param name `salt`, by which the device falls into canaries and holdouts: it never leaves the device, so that nobody
 * knows who is in; or `visitor`, its name in consented trajectories
 */
export async function madeUp(
  store: Store,
  name: keyof Pick<Kept, 'salt' | 'visitor'>,
  failed: (error: unknown) => void,
): Promise<string> {
  const known = await store.get(name);
  if (known !== undefined) return known;
  const made = randomHex(16);
  // No decision waits for it to be written down.
  store.set(name, made).catch(failed);
  return made;
}

export const randomHex = (bytes: number): string => toHex(crypto.getRandomValues(new Uint8Array(bytes)));
