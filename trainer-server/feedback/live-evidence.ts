/**
 * What consented trajectories say of a canary: visitors with it against those with the release beside it. Outcomes are
 * revenue, net of what comes back: the server that serves knows no purchase prices, so that a loss of margin alone is not
 * seen here, but in `report rollout` on a data folder with costs.
 */

import type { FirstMeta } from '../../shared/bundle.ts';
import { type LoggedDecision, readLoggedDecision } from '../../shared/decision.ts';
import { type BehaviourEvent, readEvent } from '../../shared/event.ts';
import type { Trajectory } from '../../shared/feedback.ts';
import { type CanaryEvidence, canaryEvidence } from '../evaluate/canary-evidence.ts';
import { rewardedDecisions } from '../policy/rewards.ts';
import { signedOf } from '../release/stable.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import { decisionRow, eventRows } from './to-dataset.ts';

/** By then a device has asked for the manifest again: what it decides before may be the old release's. */
const SETTLED_MS = 3_600_000;

/** @returns undefined where no canary runs beside a stable release */
export function liveEvidenceOf(
  { releases, trajectories }: Pick<Store, 'releases' | 'trajectories'>,
  running: Release,
): CanaryEvidence | undefined {
  const { canaryShare, stable, files } = signedOf(running);
  const file = files.find(({ role }) => role === 'first-meta');
  const bytes = file && releases.file(file.sha256)?.bytes;
  if (canaryShare >= 1 || stable === undefined || bytes === undefined) return undefined;
  const { shop } = JSON.parse(new TextDecoder().decode(bytes)) as FirstMeta;
  const { versions, since } = canaryOf(releases, running);
  const decisions: LoggedDecision[] = [];
  const events = new Map<string, BehaviourEvent>();
  for (const { received, body } of trajectories.lines(running.site)) {
    if (received < since) continue;
    const trajectory = JSON.parse(body) as Trajectory;
    if (trajectory.ts < since) continue;
    const isCanary = versions.has(trajectory.release);
    if (!isCanary && trajectory.release !== stable.version) continue;
    const decision = readLoggedDecision(decisionRow(trajectory), shop.currency);
    decisions.push({ ...decision, attributes: { arm: isCanary ? 'canary' : 'stable' } });
    // Trajectories of one visitor overlap: an order that several carry counts once.
    for (const row of eventRows(trajectory, shop.currency))
      events.set(JSON.stringify(row), readEvent(row, shop.currency));
  }
  const inTime = <T extends { ts?: number }>(rows: T[]): T[] => rows.sort((a, b) => a.ts! - b.ts!);
  const log = {
    decisions: inTime(decisions),
    events: inTime([...events.values()]),
    products: [],
    promotions: [],
    shop,
  };
  return canaryEvidence(rewardedDecisions(log).decisions, {
    attribute: 'arm',
    canary: 'canary',
    stable: 'stable',
  });
}

/** Versions under which the canary has had its present share, and since when: each renewal of the manifest is one. */
function canaryOf(releases: Store['releases'], running: Release): { versions: Set<number>; since: number } {
  const source = running.republishes ?? running.version;
  const share = signedOf(running).canaryShare;
  const own = releases
    .list(running.site, MOST_RENEWALS)
    .filter((release) => (release.republishes ?? release.version) === source)
    .filter((release) => signedOf(release).canaryShare === share);
  const since = Math.min(...own.map(({ published }) => published));
  return { versions: new Set(own.map(({ version }) => version)), since: since + SETTLED_MS };
}

/** Looked through for them: four hours of pacing each, half a year. */
const MOST_RENEWALS = 1000;
