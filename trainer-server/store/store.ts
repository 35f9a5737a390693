/** Everything the server keeps, over one connection. */

import { type Approvals, approvalsOf } from './approvals.ts';
import { type Audit, auditOf } from './audit.ts';
import { type Db, openDatabase } from './database.ts';
import { type GroupCommit, groupCommitOf } from './group-commit.ts';
import { type PersonalDataStore, personalDataOf } from './personal-data.ts';
import { type PrivateReports, privateReportsOf } from './private-reports.ts';
import { type Releases, releasesOf } from './releases.ts';
import { type Roots, rootsOf } from './roots.ts';
import { type Settings, settingsOf } from './settings.ts';
import { ordersOf, type SiteLog, trajectoriesOf } from './site-log.ts';
import { type Tokens, tokensOf } from './tokens.ts';

export interface Store {
  /** The folder. */
  dir: string;
  /** For the parts that keep tables of their own. */
  db: Db;
  releases: Releases;
  roots: Roots;
  trajectories: SiteLog;
  orders: SiteLog;
  privateReports: PrivateReports;
  personalData: PersonalDataStore;
  audit: Audit;
  tokens: Tokens;
  approvals: Approvals;
  settings: Settings;
  /** All or nothing; takes the write lock at once, so that what is read inside stays true until the end. */
  transaction<T>(work: () => T): T;
  /** The same for one of many requests: they share a transaction, and each takes back its own rows alone. */
  commit: GroupCommit;
  /** Ready to write. */
  healthy(): boolean;
  close(): void;
}

export function openStore(dir: string): Store {
  const db: Db = openDatabase(dir);
  return {
    dir,
    db,
    releases: releasesOf(db),
    roots: rootsOf(db),
    trajectories: trajectoriesOf(db),
    orders: ordersOf(db),
    privateReports: privateReportsOf(db),
    personalData: personalDataOf(db),
    audit: auditOf(db),
    tokens: tokensOf(db),
    approvals: approvalsOf(db),
    settings: settingsOf(db),
    transaction: (work) => db.transaction(work).immediate(),
    commit: groupCommitOf(db),
    healthy: () => db.open && db.prepare('select 1').pluck().get() === 1,
    close: () => db.close(),
  };
}
