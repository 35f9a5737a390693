/**
 * New promotions, budgets and releases need two people: one proposes, another approves. A shop of one person works
 * without, and the status page says so. What makes things safer at once needs nobody: the kill switch, a way back,
 * a pause.
 */

import { ApiError } from '../routes/api-error.ts';
import type { Approval, Subject } from '../store/approvals.ts';
import { COMMAND_LINE, EVERY_SITE } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import { EDITORS } from './roles.ts';

const SETTING = 'four-eyes';

/** Off until a second person who may approve gets a token, or somebody switches it on. */
export const fourEyes = (store: Store): boolean => store.settings.get(SETTING) === 'on';

export function setFourEyes(store: Store, on: boolean, now: number, who: string = COMMAND_LINE): void {
  store.transaction(() => {
    store.settings.set(SETTING, on ? 'on' : 'off');
    store.audit.add({ at: now, site: EVERY_SITE, who, action: `four-eyes-${on ? 'on' : 'off'}`, detail: {} });
  });
}

/** Switches it on when a second approver comes; a choice that was made before stands. */
export function secondApproverCame(store: Store, now: number): void {
  if (store.settings.get(SETTING) !== undefined) return;
  const approvers = store.tokens
    .list()
    .filter(({ role, revoked }) => revoked === undefined && EDITORS.some((editor) => editor === role));
  if (new Set(approvers.map(({ owner }) => owner)).size >= 2) setFourEyes(store, true, now);
}

export interface ProposalContent {
  site: string;
  subject: Subject;
  /** Id of the promotion or budget; what the release is called. */
  name: string;
  /** What shall take effect; JSON. */
  body: unknown;
}

/** Makes what was approved take effect; runs in the transaction that approves it. @throws where it cannot */
export type Effect = (approval: Approval) => void;

/**
 * Without four eyes it is approved at once, by its proposer.
 * @param effect what approval brings about
 */
export function propose(
  store: Store,
  content: ProposalContent,
  who: string,
  now: number,
  effect: Effect = () => undefined,
): Approval {
  return store.transaction(() => {
    const two = fourEyes(store);
    const proposal = store.approvals.propose({ ...content, proposer: who, proposed: now, fourEyes: two });
    record(store, 'propose', proposal, who, now);
    return two ? proposal : decide(store, proposal, true, who, now, effect);
  });
}

/** @throws ApiError 409 where it is decided already, 403 where the approver proposed it */
export function decide(
  store: Store,
  { id }: Pick<Approval, 'id'>,
  approve: boolean,
  who: string,
  now: number,
  effect: Effect = () => undefined,
): Approval {
  return store.transaction(() => {
    const proposal = store.approvals.find(id);
    if (proposal === undefined) throw new ApiError(404, 'not-found', `no proposal ${id}`, 'id');
    if (proposal.state !== 'open') {
      throw new ApiError(
        409,
        'decided',
        `expected an open proposal, found one that is ${proposal.state}`,
        'id',
      );
    }
    if (approve && proposal.fourEyes && proposal.proposer === who) {
      throw new ApiError(
        403,
        'four-eyes',
        `expected somebody other than ${who}, who proposed it, to approve`,
      );
    }
    const state = approve ? 'approved' : 'rejected';
    store.approvals.move(id, 'open', state, who, now);
    const decided: Approval = { ...proposal, state, decider: who, decided: now };
    if (approve) effect(decided);
    record(store, approve ? 'approve' : 'reject', decided, who, now);
    return decided;
  });
}

function record(store: Store, action: string, approval: Approval, who: string, now: number): void {
  const { id, site, subject, name, digest } = approval;
  store.audit.add({ at: now, site, who, action, detail: { approval: id, subject, name, digest } });
}
