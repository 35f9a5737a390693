/** The last known good as this device keeps it: read here, or by the page while this worker was starting. */

import type { SignedRoot } from '../../shared/root.ts';
import type { KeptRelease, Store } from './store.ts';

export interface LastKept {
  release: KeptRelease | undefined;
  roots: readonly SignedRoot[] | undefined;
}

/**
 * @param byPage undefined where nothing is kept yet; never settles where the page cannot read it
 * @param wanted SHA-256 of the files to read, by the manifest's text; called before they are here
 */
export function lastKept(
  store: Store,
  byPage: Promise<LastKept> | undefined,
  wanted: (manifest: string) => readonly string[],
): Promise<LastKept> {
  const own = async (): Promise<LastKept> => {
    const [release, roots] = await Promise.all([store.release(wanted), store.get('roots')]);
    return { release, roots };
  };
  if (byPage === undefined) return own();
  let here = false;
  const theirs = byPage.then((kept) => {
    here = true;
    wanted(kept.release!.manifest);
    return kept;
  });
  // The page's is mostly here before the store is open: then it is not read once more.
  return Promise.race([theirs, store.durable().then(() => (here ? theirs : own()))]);
}
