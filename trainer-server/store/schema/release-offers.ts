/**
 * What each release brought along for the ledger, so that a way back brings it back; and who decided last about a
 * promotion, so that a release takes off the menu what releases put there, and nothing that a person did.
 */

export const RELEASE_OFFERS = `
  create table release_offers (
    site text not null,
    version integer not null,
    -- ReleaseClaims.
    body text not null,
    primary key (site, version)
  ) strict, without rowid;

  alter table coupon_promotion add column decided_by text not null default 'person'
    check (decided_by in ('person', 'release'));
`;
