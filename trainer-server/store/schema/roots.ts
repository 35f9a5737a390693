/** Root documents: append only, as the chain that devices follow. */

export const ROOTS_SCHEMA = `
  create table root (
    site text not null,
    version integer not null check (version >= 1),
    -- SignedRoot, exactly the text that is served.
    document text not null,
    adopted integer not null,
    primary key (site, version)
  ) strict;
`;
