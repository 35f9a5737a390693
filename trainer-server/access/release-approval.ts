/** A release goes out with the approval of somebody other than its proposer, where four eyes are asked for. */

import { BadInput } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/manifest.ts';
import type { ReleaseOffer } from '../coupons/release-offers.ts';
import { type Approval, digestOf } from '../store/approvals.ts';
import type { Store } from '../store/store.ts';
import { fourEyes, propose } from './four-eyes.ts';

/** The release waits for somebody; it was proposed, and can be published once it is approved. */
export class NotApproved extends Error {
  override readonly name = 'NotApproved';
}

export interface ReleasePlan {
  site: string;
  /** Its files, parts and verdict are what is approved; number and times come later. */
  manifest: Manifest;
  /** Approving a canary is not approving everyone's release. */
  canaryShare: number;
  /** Why it goes out against its verdict. */
  forced?: string;
  /** Promotions and budgets that come with it: approved in one with the release that shows them. */
  offers?: readonly ReleaseOffer[];
}

/**
 * @param who owner of the token that was shown; absent where none was
 * @returns the approval that lets it out, to be used up by `useApproval`; nothing where two eyes suffice
 * @throws NotApproved, having proposed it
 */
export function requireApproval(
  store: Store,
  plan: ReleasePlan,
  who: string | undefined,
  now: number,
): Approval | undefined {
  if (!fourEyes(store)) return undefined;
  const { version: _, created: _created, expires: _expires, ...content } = plan.manifest;
  const { site, canaryShare, forced, offers = [] } = plan;
  const body = {
    ...{ ...content, canaryShare },
    ...(forced === undefined ? {} : { forced }),
    ...(offers.length === 0 ? {} : { offers }),
  };
  const known = store.approvals.current(site, 'release', digestOf(body));
  if (known?.state === 'approved') return known;
  if (who === undefined) {
    throw new BadInput(
      { field: 'PROMO_EDGE_TOKEN' },
      'the token of who proposes the release',
      'nothing',
      'promo-edge tokens create makes one; promo-edge approvals off where one person runs the shop',
    );
  }
  const open = known ?? propose(store, { site, subject: 'release', name: nameOf(plan), body }, who, now);
  throw new NotApproved(
    `release waits as proposal ${open.id} of ${open.proposer}: somebody else approves it (promo-edge approvals approve ${open.id}), then publish again`,
  );
}

/** Inside the transaction that publishes. @throws NotApproved where another publication used it */
export function useApproval(store: Store, { id, decider }: Approval, now: number): void {
  if (store.approvals.move(id, 'approved', 'used', decider!, now)) return;
  throw new NotApproved(`proposal ${id} let another publication through: publish again to propose this one`);
}

function nameOf({ manifest, canaryShare, forced }: ReleasePlan): string {
  const share = canaryShare === 1 ? 'everyone' : `${Math.round(canaryShare * 100)} % of devices`;
  return `${manifest.parts.join(', ') || 'no parts'} to ${share}${forced === undefined ? '' : ', against its verdict'}`;
}
