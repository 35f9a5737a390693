/** Tokens and settings. */

export const ACCESS_SCHEMA = `
  create table token (
    id text primary key,
    -- SHA-256 of the token, which is shown once and stored nowhere.
    hash blob not null unique check (length(hash) = 32),
    owner text not null,
    role text not null check (role in ('admin', 'marketer', 'viewer', 'shop-server')),
    -- null: every site.
    site text,
    created integer not null,
    expires integer,
    revoked integer
  ) strict;

  create table setting (
    name text primary key,
    value text not null
  ) strict;
`;
