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
import { canaryVersions } from '../release/canary-versions.ts';
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
  const canary = canaryVersions(releases, running);
  const versions = new Set(canary.versions);
  const since = canary.since + SETTLED_MS;
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
