/** `approvals`: what waits for a second person, and their word. */

import { BadInput } from '../../shared/errors.ts';
import type { Caller } from '../access/caller.ts';
import { decide, fourEyes, setFourEyes } from '../access/four-eyes.ts';
import { EDITORS, type Role } from '../access/roles.ts';
import type { Approval } from '../store/approvals.ts';
import { openStore, type Store } from '../store/store.ts';
import type { Command, Io } from './command.ts';
import { DB_OPTIONS, dbOption, siteOption } from './options.ts';
import { tokenHolder } from './token-holder.ts';

export const command: Command = {
  name: 'approvals',
  summary: 'approve or reject what others have proposed',
  help: `
promo-edge approvals list [--site demo] --db DIR
promo-edge approvals approve ID --db DIR
promo-edge approvals reject ID --db DIR
promo-edge approvals on --db DIR    new promotions, budgets and releases need a second person
promo-edge approvals off --db DIR   for a shop that one person runs

PROMO_EDGE_TOKEN holds the token of who decides (admin or marketer; admin for off). A release is published
again once it is approved: promo-edge publish with the same bundle.
`,
  options: { ...DB_OPTIONS, site: { type: 'string' } },
  async run(values, [verb, id], io) {
    const dir = dbOption(values);
    const site = siteOption(values);
    const act = ACTS[verb as keyof typeof ACTS];
    if (act === undefined)
      throw new BadInput({ field: 'VERB' }, `one of ${Object.keys(ACTS).join(', ')}`, verb ?? 'nothing');
    const store = openStore(dir);
    try {
      act(store, io, { site, id });
      return 0;
    } finally {
      store.close();
    }
  },
};

interface Asked {
  site: string;
  id: string | undefined;
}

const ACTS = {
  list: (store: Store, io: Io, { site }: Asked): void => {
    for (const approval of store.approvals.list(site)) io.out(described(approval));
    if (!fourEyes(store)) io.progress.say('four eyes are off: proposals are approved at once');
  },
  approve: (store: Store, io: Io, { id }: Asked): void => decideOn(store, io, id, true),
  reject: (store: Store, io: Io, { id }: Asked): void => decideOn(store, io, id, false),
  on: (store: Store, io: Io): void => {
    setFourEyes(store, true, io.now());
    io.out('four eyes are on');
  },
  off: (store: Store, io: Io): void => {
    const who = fourEyes(store) ? person(store, io, ['admin']).owner : undefined;
    setFourEyes(store, false, io.now(), who);
    io.out('four eyes are off');
  },
};

function decideOn(store: Store, io: Io, text: string | undefined, approve: boolean): void {
  const id = Number(text ?? Number.NaN);
  if (!Number.isInteger(id))
    throw new BadInput({ field: 'ID' }, 'the number of a proposal', text ?? 'nothing');
  const proposal = store.approvals.find(id);
  if (proposal === undefined) throw new BadInput({ field: 'ID' }, 'the number of a proposal', text!);
  const { owner } = person(store, io, EDITORS, proposal.site);
  if (proposal.subject !== 'release')
    throw new BadInput({ field: 'ID' }, 'a release', `a ${proposal.subject}`, 'Decide it in the API');
  io.out(described(decide(store, proposal, approve, owner, io.now())));
}

function person(store: Store, io: Io, roles: readonly Role[], site?: string): Caller {
  const caller = tokenHolder(store, io, roles, site);
  if (caller !== undefined) return caller;
  throw new BadInput({ field: 'PROMO_EDGE_TOKEN' }, `a token of role ${roles.join(' or ')}`, 'nothing');
}

function described({ id, site, subject, name, state, proposer, decider }: Approval): string {
  const by = decider === undefined ? '' : ` by ${decider}`;
  return `${id}  site ${site}, ${subject}: ${name}, proposed by ${proposer}, ${state}${by}`;
}
