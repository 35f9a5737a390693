/**
 * Grants: what a visit may claim, signed. The server knows nothing of behaviour when it signs one; all it learns is
 * that somebody asked.
 */

import * as v from 'valibot';
import { runsAt } from '../../shared/promotions/schedule.ts';
import { drawArm, EVERYTHING, experimentsOf } from './experiment.ts';
import type { CouponKeys } from './keys.ts';
import type { CouponParts } from './parts.ts';
import { type CouponPromotion, couponPromotionsOf } from './promotions.ts';
import { Refusal } from './refusal.ts';
import { readToken, signToken } from './signed-token.ts';
import { readSubject, subjectsOf } from './subject.ts';

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(64));

const grantSchema = v.object({
  site: text,
  /** Names one visit, and nobody. */
  sid: v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/)),
  /** Promotion ids that may be claimed. */
  menu: v.array(v.string()),
  /** Live ones that the arm leaves out: the device does not show them. */
  withheld: v.array(v.string()),
  /** For the device's own exploration. */
  seed: text,
  arm: text,
  /** Probability of the arm. */
  propensity: v.number(),
  budgetPrice: v.optional(v.number()),
  /** Epoch ms, by the server's clock. */
  issued: v.number(),
  expires: v.number(),
});

export type Grant = v.InferOutput<typeof grantSchema>;

export interface GrantRequest {
  /** An earlier grant of the same visit, expired or not: it goes on under its own sid. */
  grant?: string;
  /** The shop's word for who is logged in: what they dismissed or used up leaves the menu. */
  subject?: string;
}

export interface IssuedGrant {
  token: string;
  grant: Grant;
  /** The first of its visit. */
  fresh: boolean;
}

/** Longest time for which an expired grant still names its visit. */
const VISIT_MS = 24 * 60 * 60_000;

/** @returns work for a transaction */
export function granterOf(
  parts: CouponParts,
): (site: string, asked: GrantRequest, now: number) => IssuedGrant {
  const { db, keys, options, random } = parts;
  const promotions = couponPromotionsOf(db);
  const experiments = experimentsOf(db);
  const subjects = subjectsOf(parts);
  const insert = db.prepare(
    'insert or ignore into coupon_grant (site, sid, at, experiment, arm, propensity) values (?, ?, ?, ?, ?, ?)',
  );
  const assigned = db.prepare('select experiment from coupon_grant where site = ? and sid = ?').pluck();
  return (site, asked, now) => {
    const earlier = asked.grant === undefined ? undefined : earlierGrant(keys, site, asked.grant, now);
    const sid = earlier?.sid ?? newSid(now, random);
    const version = earlier
      ? (assigned.get(site, sid) as number | null | undefined)
      : experiments.running(site)?.version;
    const arms = version == null ? [EVERYTHING] : experiments.version(version).arms;
    const arm = drawArm(arms, keys, site, version ?? 0, sid);
    const live = promotions.allLive(site);
    const isDrawn = ({ id }: CouponPromotion): boolean => arm.menu?.includes(id) ?? true;
    const subject = asked.subject === undefined ? undefined : readSubject(keys, site, asked.subject, now);
    const menu = live
      .filter(isDrawn)
      .filter(
        (one) => runsAt(one.promotion, now) && (subject === undefined || subjects.mayUse(subject, one, now)),
      )
      .map(({ id }) => id);
    const grant: Grant = {
      site,
      sid,
      menu,
      withheld: live.filter((one) => !isDrawn(one)).map(({ id }) => id),
      seed: earlier?.seed ?? random(8).toString('hex'),
      arm: arm.id,
      propensity: arm.share,
      ...(arm.budgetPrice === undefined ? {} : { budgetPrice: arm.budgetPrice }),
      issued: now,
      expires: now + options.grantMs,
    };
    const fresh = earlier === undefined;
    // Without an experiment there is nothing to learn of a visit, and nothing that a flood of them could fill.
    if (fresh && version != null) insert.run(site, sid, now, version, arm.id, arm.share);
    return { token: signToken(grant, keys.of(site, 'grant')), grant, fresh };
  };
}

/** 48 bits of time and 80 of chance, as UUIDv7 (RFC 9562, 5.7): rows of one time share pages, and a commit writes few. */
const newSid = (now: number, random: CouponParts['random']): string =>
  now.toString(16).padStart(12, '0') + random(10).toString('hex');

/** What this server signed for this site once; undefined where the visit is long over. */
function earlierGrant(keys: CouponKeys, site: string, token: string, now: number): Grant | undefined {
  const grant = signedGrant(keys, site, token);
  return grant.expires + VISIT_MS < now ? undefined : grant;
}

/**
 * @throws Refusal `bad-grant` where it was forged, altered, or signed for another shop; `grant-expired` by the
 *   server's clock, whatever the shopper's says
 */
export function readGrant(keys: CouponKeys, site: string, token: string, now: number): Grant {
  const grant = signedGrant(keys, site, token);
  if (grant.expires <= now)
    throw new Refusal('grant-expired', 'the grant has expired: ask for another', 'grant');
  return grant;
}

function signedGrant(keys: CouponKeys, site: string, token: string): Grant {
  // Of another form where an earlier version of this program signed it.
  const payload = v.safeParse(grantSchema, readToken(token, keys.of(site, 'grant')));
  if (payload.success && payload.output.site === site) return payload.output;
  throw new Refusal('bad-grant', 'expected a grant that this server signed for this site', 'grant');
}
