/** The manifests that are one canary at one share: each renewal, and each price of budget, is a version of its own. */

import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import { signedOf } from './stable.ts';

/** Looked through for them: four hours of pacing each, half a year. */
const MOST_RENEWALS = 1000;

/** Versions under which the release has had its present share, newest first, and since when, epoch ms. */
export function canaryVersions(
  releases: Store['releases'],
  release: Release,
): { versions: number[]; since: number } {
  const source = release.republishes ?? release.version;
  const share = signedOf(release).canaryShare;
  const own = releases
    .list(release.site, MOST_RENEWALS)
    .filter((other) => (other.republishes ?? other.version) === source)
    .filter((other) => signedOf(other).canaryShare === share);
  return {
    versions: own.map(({ version }) => version),
    since: Math.min(...own.map(({ published }) => published)),
  };
}
