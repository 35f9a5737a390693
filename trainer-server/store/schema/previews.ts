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
