import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { decide, fourEyes, propose, setFourEyes } from '../../../trainer-server/access/four-eyes.ts';
import { issueToken } from '../../../trainer-server/access/issue-token.ts';
import { DATABASE_FILE } from '../../../trainer-server/store/database.ts';
import { openStore, type Store } from '../../../trainer-server/store/store.ts';
import { temporaryFolder } from '../../helpers/import-here.ts';

function withFourEyes(): Store {
  const store = openStore(temporaryFolder());
  setFourEyes(store, true, 0);
  return store;
}
const budget = { site: 's', subject: 'budget', name: 'spring', body: { total: 500 } } as const;

describe('four eyes', () => {
  it('are off for one person and on from the second who may approve', () => {
    const store = openStore(temporaryFolder());
    issueToken(store, { role: 'admin', owner: 'Ann' }, 0);
    issueToken(store, { role: 'marketer', owner: 'Ann' }, 0);
    issueToken(store, { role: 'viewer', owner: 'Bob' }, 0);
    issueToken(store, { role: 'shop-server', owner: 'shop' }, 0);
    expect(fourEyes(store)).toBe(false);
    issueToken(store, { role: 'marketer', owner: 'Cid' }, 0);
    expect(fourEyes(store)).toBe(true);
  });

  it('stay as somebody set them, whoever comes', () => {
    const store = openStore(temporaryFolder());
    setFourEyes(store, false, 0);
    for (const owner of ['Ann', 'Bob']) issueToken(store, { role: 'admin', owner }, 0);
    expect(fourEyes(store)).toBe(false);
  });

  it('let nobody approve what they proposed, with whichever of their tokens', () => {
    const store = withFourEyes();
    const effects: string[] = [];
    const proposal = propose(store, budget, 'Ann', 1, () => effects.push('too early'));
    expect(() => decide(store, proposal, true, 'Ann', 2)).toThrow(/somebody other than Ann/);
    expect(store.approvals.find(proposal.id)?.state).toBe('open');
    decide(store, proposal, true, 'Bob', 3, ({ body }) => effects.push(JSON.stringify(body)));
    expect(effects).toEqual(['{"total":500}']);
    expect(store.approvals.find(proposal.id)).toMatchObject({ state: 'approved', decider: 'Bob' });
    expect(store.audit.list('s').map(({ who, action }) => [who, action])).toEqual([
      ['Bob', 'approve'],
      ['Ann', 'propose'],
    ]);
  });

  it('cannot be got round in the database either', () => {
    const store = withFourEyes();
    const { id } = propose(store, budget, 'Ann', 1);
    const db = new Database(join(store.dir, DATABASE_FILE));
    expect(() => db.exec(`update approval set state = 'approved', decider = 'Ann' where id = ${id}`)).toThrow(
      /CHECK/,
    );
    expect(() => db.exec(`update approval set state = 'approved' where id = ${id}`)).toThrow(/CHECK/);
    db.close();
  });

  it('decide once, and let a proposer take back what is open', () => {
    const store = withFourEyes();
    const first = propose(store, budget, 'Ann', 1);
    expect(decide(store, first, false, 'Ann', 2).state).toBe('rejected');
    expect(() => decide(store, first, true, 'Bob', 3)).toThrow(
      /expected an open proposal, found one that is rejected/,
    );
  });

  it('leave a proposal open when what was approved cannot take effect', () => {
    const store = withFourEyes();
    const proposal = propose(store, budget, 'Ann', 1);
    const fail = () => {
      throw new Error('no such budget');
    };
    expect(() => decide(store, proposal, true, 'Bob', 2, fail)).toThrow('no such budget');
    expect(store.approvals.find(proposal.id)?.state).toBe('open');
    expect(store.audit.list('s').length).toBe(1);
  });

  it('approve at once where they are off, and say in the row that they were', () => {
    const store = openStore(temporaryFolder());
    expect(propose(store, budget, 'Ann', 1)).toMatchObject({
      state: 'approved',
      decider: 'Ann',
      fourEyes: false,
    });
  });
});
