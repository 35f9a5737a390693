/** What everyone else runs while a share of devices tries a canary. */

import type { Manifest, SignedManifest } from '../../shared/manifest.ts';
import type { Release } from '../store/releases.ts';

export const signedOf = (release: Release): Manifest =>
  (JSON.parse(release.manifest) as SignedManifest).signed;

/**
 * A manifest as it may be signed: a canary carries the stable release beside it, a release for everyone nothing.
 * @param running what the site runs now
 */
export function besideStable(manifest: Manifest, running: Release | undefined): Manifest {
  const { stable, ...rest } = manifest;
  if (manifest.canaryShare >= 1) return rest;
  const beside = stable ?? (running && stableOf(signedOf(running), manifest.featureVersion));
  return beside === undefined ? rest : { ...rest, stable: beside };
}

/** The last release for everyone. What was switched off, or of other features, does not come back beside a canary. */
function stableOf(running: Manifest, featureVersion: number): Manifest['stable'] {
  if (running.mode === 'off' || running.featureVersion !== featureVersion) return undefined;
  if (running.canaryShare < 1) return running.stable;
  const { version, budgetPrice, files, parts, parity, verdict } = running;
  return { version, budgetPrice, files, parts, parity, ...(verdict === undefined ? {} : { verdict }) };
}
