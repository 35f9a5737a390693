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

/** What one person proposes and another one approves. */
export const APPROVAL_SCHEMA = `
  create table approval (
    id integer primary key autoincrement,
    site text not null,
    subject text not null check (subject in ('promotion', 'budget', 'release')),
    -- Id of the promotion or budget; what the release is called.
    name text not null,
    -- Canonical JSON of what is proposed, and its SHA-256: what was read is what takes effect.
    body text not null,
    digest text not null check (length(digest) = 64),
    proposer text not null,
    proposed integer not null,
    -- 1: somebody else had to approve.
    four_eyes integer not null check (four_eyes in (0, 1)),
    state text not null default 'open' check (state in ('open', 'approved', 'rejected', 'used')),
    decider text,
    decided integer,
    check (state = 'open' or decider is not null),
    check (four_eyes = 0 or state not in ('approved', 'used') or decider <> proposer)
  ) strict;
  create index approval_open on approval (site, state);
`;
