/**
 * What a publication means for what can be claimed. What its devices show can be claimed; what releases brought and no
 * device shows any more cannot. Codes that are out are honoured until they expire: they were promised, under terms that
 * their claim fixed, and their money is reserved.
 */

import { signedOf } from '../release/stable.ts';
import type { Db } from '../store/database.ts';
import type { Release } from '../store/releases.ts';
import type { Store } from '../store/store.ts';
import { openCoupons } from './coupons.ts';
import { couponPromotionsOf } from './promotions.ts';
import { loadOffers, type OfferPlan } from './release-offers.ts';

/** What a release brings, and what its devices may show of it. */
export type ReleaseClaims = Pick<OfferPlan, 'offers' | 'shown'> & Partial<Pick<OfferPlan, 'masked'>>;

export interface Settled {
  /** Can be claimed from now on. */
  loaded: string[];
  /** Can be claimed no more. */
  dropped: string[];
}

/** How much of a release's offers a publication loads. */
export type Loading =
  /** Everything: people approved it with the release. */
  | 'all'
  /** Nothing that a person has decided about since: a way back undoes releases, not people. */
  | 'unless-a-person-decided'
  /** What runs already goes on. */
  | 'nothing';

/**
 * Inside the transaction that published `made`.
 * @param claims where it is a new release; what its files brought when they were first published is used where absent
 */
export function settleClaims(store: Store, made: Release, loading: Loading, claims?: ReleaseClaims): Settled {
  const { db } = store;
  const { site, published: now } = made;
  if (claims !== undefined) keep(db, made, claims);
  const brought = broughtBy(db, made);
  const promotions = couponPromotionsOf(db);
  const offers = (loading === 'nothing' ? [] : (brought?.offers ?? [])).filter(
    ({ promotion: { id } }) => loading === 'all' || promotions.decidedBy(site, String(id)) !== 'person',
  );
  const loaded = offers.length === 0 ? [] : loadOffers(openCoupons(store), site, offers, now);
  const shown = shownBy(store, made, brought);
  // The law outranks whoever decided.
  const forbidden = (id: string): boolean => brought?.masked?.includes(id) ?? false;
  const dropped = promotions
    .allLive(site)
    .map(({ id }) => id)
    .filter(
      (id) => forbidden(id) || (shown?.has(id) === false && promotions.decidedBy(site, id) === 'release'),
    );
  for (const id of dropped) promotions.withdraw(site, id, 'release');
  return { loaded, dropped };
}

/** By any device: those outside a canary go on with the release beside it. Undefined where one of them never said. */
function shownBy(store: Store, made: Release, brought: ReleaseClaims | undefined): Set<string> | undefined {
  const { stable } = signedOf(made);
  const beside = stable && store.releases.find(made.site, stable.version);
  const others = beside === undefined ? undefined : broughtBy(store.db, beside);
  if (brought === undefined || (stable !== undefined && others === undefined)) return undefined;
  return new Set([...brought.shown, ...(others?.shown ?? [])]);
}

function keep(db: Db, { site, version }: Release, claims: ReleaseClaims): void {
  const insert = db.prepare('insert into release_offers (site, version, body) values (?, ?, ?)');
  insert.run(site, version, JSON.stringify(claims));
}

/** Undefined for a release of before this was kept, and for files that `train` did not make. */
function broughtBy(db: Db, { site, version, republishes = version }: Release): ReleaseClaims | undefined {
  const find = db.prepare('select body from release_offers where site = ? and version = ?').pluck();
  const body = find.get(site, republishes) as string | undefined;
  return body === undefined ? undefined : (JSON.parse(body) as ReleaseClaims);
}
