/** Proposals and what became of them. The schema itself refuses that a proposer approves where four eyes are asked for. */

import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical.ts';
import type { Db } from './database.ts';

export const SUBJECTS = ['promotion', 'budget', 'release'] as const;
export type Subject = (typeof SUBJECTS)[number];

/** `used`: an approved release that was published; an approval lets one publication through. */
export const APPROVAL_STATES = ['open', 'approved', 'rejected', 'used'] as const;
export type ApprovalState = (typeof APPROVAL_STATES)[number];

export interface Proposal {
  site: string;
  subject: Subject;
  /** Id of the promotion or budget; what the release is called. */
  name: string;
  /** What shall take effect; JSON. */
  body: unknown;
  /** Owner of the token that was shown. */
  proposer: string;
  /** Epoch ms. */
  proposed: number;
  /** Somebody else must approve. */
  fourEyes: boolean;
}

export interface Approval extends Proposal {
  id: number;
  /** SHA-256 of the body's canonical JSON. */
  digest: string;
  state: ApprovalState;
  decider?: string;
  decided?: number;
}

export interface Approvals {
  propose(proposal: Proposal): Approval;
  find(id: number): Approval | undefined;
  /** Newest first. */
  list(site: string, state?: ApprovalState): Approval[];
  /** The newest of this content that is open or approved. */
  current(site: string, subject: Subject, digest: string): Approval | undefined;
  /** @returns false where it is not in state `from` */
  move(id: number, from: ApprovalState, to: ApprovalState, decider: string, at: number): boolean;
}

interface Row {
  id: number;
  site: string;
  subject: Subject;
  name: string;
  body: string;
  digest: string;
  proposer: string;
  proposed: number;
  four_eyes: 0 | 1;
  state: ApprovalState;
  decider: string | null;
  decided: number | null;
}

export const digestOf = (body: unknown): string =>
  createHash('sha256').update(canonicalJson(body)).digest('hex');

export function approvalsOf(db: Db): Approvals {
  const insert = db.prepare(
    'insert into approval (site, subject, name, body, digest, proposer, proposed, four_eyes) values (?, ?, ?, ?, ?, ?, ?, ?) returning *',
  );
  const find = db.prepare('select * from approval where id = ?');
  const all = db.prepare('select * from approval where site = ? order by id desc limit 200');
  const inState = db.prepare(
    'select * from approval where site = ? and state = ? order by id desc limit 200',
  );
  const current = db.prepare(
    "select * from approval where site = ? and subject = ? and digest = ? and state in ('open', 'approved') order by id desc limit 1",
  );
  const move = db.prepare(
    'update approval set state = ?, decider = ?, decided = ? where id = ? and state = ?',
  );
  const optional = (row: unknown): Approval | undefined =>
    row === undefined ? undefined : toApproval(row as Row);
  return {
    propose({ site, subject, name, body, proposer, proposed, fourEyes }) {
      const row = insert.get(
        ...[site, subject, name, canonicalJson(body), digestOf(body)],
        ...[proposer, proposed, fourEyes ? 1 : 0],
      );
      return toApproval(row as Row);
    },
    find: (id) => optional(find.get(id)),
    list: (site, state) =>
      ((state === undefined ? all.all(site) : inState.all(site, state)) as Row[]).map(toApproval),
    current: (site, subject, digest) => optional(current.get(site, subject, digest)),
    move: (id, from, to, decider, at) => move.run(to, decider, at, id, from).changes === 1,
  };
}

function toApproval({ four_eyes, body, decider, decided, ...row }: Row): Approval {
  return {
    ...row,
    body: JSON.parse(body) as unknown,
    fourEyes: four_eyes === 1,
    ...(decider === null ? {} : { decider }),
    ...(decided === null ? {} : { decided }),
  };
}
