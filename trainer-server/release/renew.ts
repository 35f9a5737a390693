/** Manifests are short-lived, so that withholding new ones freezes nobody for long; whoever serves keeps them fresh. */

import type { SignedManifest } from '../../shared/manifest.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import type { ReleaseKey } from './keys.ts';
import { republish } from './publish.ts';

const DAY = 24 * 3_600_000;

/**
 * Signs again what has used up half of its time, for the same length of time.
 * @param failed hears of a site whose manifest this key may not sign; the others go on
 * @returns the renewed releases
 */
export function renewDue(
  store: Store,
  key: ReleaseKey,
  now: number,
  failed: (site: string, error: Error) => void,
): Release[] {
  const renewed: Release[] = [];
  for (const site of store.releases.sites()) {
    const { signed } = JSON.parse(store.releases.running(site)!.manifest) as SignedManifest;
    const life = signed.expires - signed.created;
    if (signed.expires - now >= life / 2) continue;
    try {
      renewed.push(republish({ action: 'renew' }, { store, site, key, expiresDays: life / DAY, now }));
    } catch (error) {
      failed(site, error as Error);
    }
  }
  return renewed;
}
