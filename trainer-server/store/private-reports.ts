/** One-bit reports: sums a day, never a report by itself. */

import type { Arm, Report } from '../../shared/privacy/report.ts';
import type { Db } from './database.ts';

export interface BitCount {
  reports: number;
  ones: number;
}

export interface PrivateReports {
  /** @param now epoch ms */
  add(site: string, report: Report, now: number): void;
  /** Of one candidate, by arm, over all days; an arm without reports is absent. */
  counts(site: string, release: number): Partial<Record<Arm, BitCount>>;
  /** Candidates that were reported on, newest first. */
  releases(site: string): number[];
}

const DAY_MS = 86_400_000;

export function privateReportsOf(db: Db): PrivateReports {
  const add = db.prepare(
    `insert into private_report (site, release, arm, format, day, reports, ones) values (?, ?, ?, ?, ?, 1, ?)
     on conflict do update set reports = reports + 1, ones = ones + excluded.ones`,
  );
  const counts = db.prepare(
    `select arm, sum(reports) as reports, sum(ones) as ones from private_report
     where site = ? and release = ? and format = 1 group by arm`,
  );
  const releases = db
    .prepare('select distinct release from private_report where site = ? order by release desc')
    .pluck();
  return {
    add: (site, { release, arm, format, bit }, now) =>
      void add.run(site, release, arm, format, Math.floor(now / DAY_MS), bit),
    counts: (site, release) =>
      Object.fromEntries(
        (counts.all(site, release) as (BitCount & { arm: Arm })[]).map(({ arm, reports, ones }) => [
          arm,
          { reports, ones },
        ]),
      ),
    releases: (site) => releases.all(site) as number[],
  };
}
