/** The schema, as the steps that lead to it: append only. Times are epoch ms, JSON is text. */

import type { Db } from './database.ts';
import { ACCESS_SCHEMA, APPROVAL_SCHEMA } from './schema/access.ts';
import { chainAudit } from './schema/audit-chain.ts';
import { COUPON_REPLIES } from './schema/coupon-replies.ts';
import { COUPON_USES } from './schema/coupon-uses.ts';
import { COUPON_SCHEMA } from './schema/coupons.ts';
import { PERSONAL_DATA_SCHEMA } from './schema/personal-data.ts';
import { PREVIEW_REVOCATIONS, PREVIEWS } from './schema/previews.ts';
import { PRIVATE_REPORTS } from './schema/private-reports.ts';
import { RELEASE_OFFERS } from './schema/release-offers.ts';
import { ROOTS_SCHEMA } from './schema/roots.ts';

/** SQL, or what SQL alone cannot do. */
export type Migration = string | ((db: Db) => void);

export const MIGRATIONS: readonly Migration[] = [
  `
  -- Published files by their content; brotli is null where it saves nothing.
  create table file (
    sha256 text primary key check (length(sha256) = 64),
    media_type text not null,
    bytes blob not null,
    brotli blob
  ) strict;

  create table release (
    id integer primary key,
    site text not null,
    version integer not null check (version >= 1),
    -- SignedManifest, exactly the text that is served.
    manifest text not null,
    published integer not null,
    -- The version whose files it republishes: a way back, a renewal, the kill switch.
    republishes integer,
    -- Why it went out against its verdict.
    forced text,
    unique (site, version)
  ) strict;

  create table release_file (
    release integer not null references release (id),
    sha256 text not null references file (sha256),
    primary key (release, sha256)
  ) strict, without rowid;

  -- What each site's shoppers are told to run.
  create table channel (
    site text primary key,
    release integer not null references release (id)
  ) strict;

  -- Consented trajectories, append only.
  create table trajectory (
    site text not null,
    id text not null,
    received integer not null,
    body text not null,
    primary key (site, id)
  ) strict;

  -- Orders as the shop's own server reports them.
  create table shop_order (
    site text not null,
    id text not null,
    received integer not null,
    body text not null,
    primary key (site, id)
  ) strict;

  create table audit (
    seq integer primary key autoincrement,
    at integer not null,
    site text not null,
    action text not null,
    detail text not null
  ) strict;
  `,
  PRIVATE_REPORTS,
  ACCESS_SCHEMA,
  chainAudit,
  APPROVAL_SCHEMA,
  ROOTS_SCHEMA,
  COUPON_SCHEMA,
  PERSONAL_DATA_SCHEMA,
  PREVIEWS,
  COUPON_REPLIES,
  RELEASE_OFFERS,
  PREVIEW_REVOCATIONS,
  COUPON_USES,
];
