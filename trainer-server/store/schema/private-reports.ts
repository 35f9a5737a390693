/** One-bit reports, added up as they come: no row, no time finer than a day, nothing that could be joined. */

export const PRIVATE_REPORTS = `
  create table private_report (
    site text not null,
    -- Version of the candidate.
    release integer not null,
    arm text not null check (arm in ('canary', 'weighted', 'control')),
    -- Of the mechanism: what epsilon and bound were.
    format integer not null,
    -- Days since 1970 in UTC.
    day integer not null,
    reports integer not null check (reports > 0),
    ones integer not null check (ones between 0 and reports),
    primary key (site, release, arm, format, day)
  ) strict, without rowid;
`;
