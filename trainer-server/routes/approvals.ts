/** `/admin/sites/:site/approvals`: what is proposed, by whom, and the word of a second person. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { read } from '../../shared/read.ts';
import { requireRole } from '../access/caller.ts';
import { decide, type Effect } from '../access/four-eyes.ts';
import { EDITORS, READERS } from '../access/roles.ts';
import { APPROVAL_STATES, type Approval, SUBJECTS, type Subject } from '../store/approvals.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

/** What approval brings about, by subject. An approved release needs none: it waits for its publication. */
export type Effects = Readonly<Partial<Record<Subject, Effect>>>;

const stateSchema = v.object({ state: v.optional(v.picklist(APPROVAL_STATES)) });
const decisionSchema = v.object({ approve: v.boolean() });

const approvalSchema = v.object({
  id: v.number(),
  site: v.string(),
  subject: v.picklist(SUBJECTS),
  name: v.string(),
  body: v.unknown(),
  digest: v.string(),
  proposer: v.string(),
  proposed: v.number(),
  fourEyes: v.boolean(),
  state: v.picklist(APPROVAL_STATES),
  decider: v.optional(v.string()),
  decided: v.optional(v.number()),
});

const LIST: Operation = {
  summary: 'Proposals and what became of them, newest first',
  query: stateSchema,
  answer: v.object({ approvals: v.array(approvalSchema) }),
};
const DECIDE: Operation = {
  summary: 'Approve or reject a proposal; who proposed it cannot approve it where four eyes are on',
  body: decisionSchema,
  answer: approvalSchema,
};

export function approvalsRoute(store: Store, effects: Effects, now: () => number): Hono {
  return new Hono()
    .get('/admin/sites/:site/approvals', describe(LIST), requireRole(...READERS), (c) => {
      const { state } = read(stateSchema, c.req.query());
      c.header('Cache-Control', 'no-store');
      return c.json({ approvals: store.approvals.list(siteOf(c), state) });
    })
    .post(
      '/admin/sites/:site/approvals/:id/decision',
      describe(DECIDE),
      requireRole(...EDITORS),
      async (c) => {
        const proposal = proposalOf(store, siteOf(c), c.req.param('id'));
        const { approve } = read(decisionSchema, await jsonBody(c));
        const { owner } = c.get('caller');
        c.header('Cache-Control', 'no-store');
        return c.json(decide(store, proposal, approve, owner, now(), effects[proposal.subject]));
      },
    );
}

/** @throws ApiError 404 where the site has none of this number */
function proposalOf(store: Store, site: string, text: string): Approval {
  const found = /^[1-9]\d{0,14}$/.test(text) ? store.approvals.find(Number(text)) : undefined;
  if (found?.site === site) return found;
  throw new ApiError(404, 'not-found', `site ${site} has no proposal of this number`, 'id');
}
