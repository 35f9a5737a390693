/**
 * Automatic rollback in the serving trainer: a canary that live evidence speaks against is withdrawn, and its devices go
 * back to the release beside it with their next poll. It only ever takes back: to more devices a person lets it out.
 */

import { nextStep } from '../evaluate/rollout.ts';
import { judgeCanary } from '../feedback/judge-canary.ts';
import { liveEvidenceOf } from '../feedback/live-evidence.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import { canaryVersions } from './canary-versions.ts';
import type { ReleaseKey } from './keys.ts';
import { republish } from './publish.ts';
import { signedOf } from './stable.ts';

const DAY_MS = 86_400_000;
/** Who withdrew it, in the audit log. */
const WHO = 'live evidence';

/**
 * Withdraws the canaries that lose, of every site.
 * @param failed hears of a site whose manifest this key may not sign, or that has nothing to go back to
 * @returns what was published instead, and why
 */
export function withdrawLosing(
  store: Store,
  key: ReleaseKey,
  now: number,
  failed: (site: string, error: Error) => void,
): { release: Release; reasons: string[] }[] {
  return store.releases.sites().flatMap((site) => {
    try {
      const running = store.releases.running(site)!;
      const reasons = reasonsAgainst(store, running);
      if (reasons.length === 0) return [];
      const { created, expires } = signedOf(running);
      const expiresDays = (expires - created) / DAY_MS;
      const release = republish({ action: 'withdraw' }, { store, site, key, expiresDays, now, who: WHO });
      const detail = { withdrawn: running.version, release: release.version, reasons };
      store.audit.add({ at: now, site, who: WHO, action: 'canary-lost', detail });
      return [{ release, reasons }];
    } catch (error) {
      failed(site, error as Error);
      return [];
    }
  });
}

/** What speaks against the running canary surely enough; nothing where there is none. */
function reasonsAgainst(store: Store, running: Release): string[] {
  const { canaryShare, mode } = signedOf(running);
  if (canaryShare >= 1 || mode === 'off') return [];
  const evidence = liveEvidenceOf(store, running);
  const step = evidence && nextStep({ stage: 'canary', share: canaryShare }, evidence.live);
  const told = judgeCanary(store, running.site, canaryVersions(store.releases, running).versions);
  return [
    ...(step?.action === 'withdraw' ? step.reasons : []),
    ...(told?.verdict === 'stop' ? [`private reports: ${told.reason}`] : []),
  ];
}
