/** Drafts that a signed link shows, until it expires. Of no promotion that is offered, and of no shopper. */

export const PREVIEWS = `
  create table promotion_preview (
    id integer primary key autoincrement,
    site text not null,
    slot text not null,
    -- PublicPromotion.
    body text not null,
    expires integer not null
  ) strict;
`;

/** Links that were taken back, for good: rows stay when what they showed is long gone. Ids are never used twice. */
export const PREVIEW_REVOCATIONS = `
  create table preview_revocation (
    preview integer primary key,
    at integer not null,
    who text not null
  ) strict;
  create trigger preview_revocation_stays before update on preview_revocation begin
    select raise(abort, 'a revocation is for good');
  end;
  create trigger preview_revocation_is_kept before delete on preview_revocation begin
    select raise(abort, 'a revocation is for good');
  end;
`;
