/** The number by which this device falls into canaries and holdouts. It never leaves the device: nobody knows who is in. */

import type { Store } from './store.ts';

/** Drawn at first need, then kept until the shopper has everything forgotten. */
export async function deviceSalt(store: Store, failed: (error: unknown) => void): Promise<string> {
  const known = await store.get('salt');
  if (known !== undefined) return known;
  const salt = [...crypto.getRandomValues(new Uint32Array(4))].join('-');
  store.set('salt', salt).catch(failed);
  return salt;
}
