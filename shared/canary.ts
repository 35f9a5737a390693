/** Which release a device runs while a canary is out. */

import type { Manifest } from './manifest.ts';
import { uniform } from './random.ts';

/**
 * The bucket hangs on the canary's content, not on its version: a renewal moves nobody, a larger share keeps those
 * who are in.
 * @param salt of this device, which it never sends: nobody outside knows who is in
 */
export function inCanary({ canaryShare, files }: Manifest, salt: string): boolean {
  const content = files.map(({ sha256 }) => sha256).join();
  return uniform(`${salt}/${content}`).next() < canaryShare;
}

/**
 * The canary for those who are in it, else the last release for everyone; undefined where there was none yet.
 * The kill switch is for all.
 */
export function releaseFor(manifest: Manifest, salt: string): Manifest | undefined {
  if (manifest.mode === 'off' || manifest.canaryShare >= 1 || inCanary(manifest, salt)) return manifest;
  const { stable, verdict: _, ...rest } = manifest;
  return stable === undefined ? undefined : { ...rest, ...stable, canaryShare: 1 };
}
