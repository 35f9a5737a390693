/**
 * Previews: a draft in one slot of the shop, for who holds the link, until it expires or is taken back. A link opens nothing else: it is
 * on no menu, so nothing can be claimed or spent with it, and what the browser shows for it is not logged.
 */

import * as v from 'valibot';
import type { PublicPromotion } from '../../shared/bundle.ts';
import type { Promotion } from '../../shared/promotion.ts';
import { publicPromotion } from '../release/public-promotion.ts';
import type { Db } from '../store/database.ts';
import type { CouponKeys } from './keys.ts';
import { Refusal } from './refusal.ts';
import { readToken, signToken } from './signed-token.ts';

/** Of links, hours. */
export const PREVIEW = { hours: 24, mostHours: 14 * 24 } as const;

export interface Preview {
  slot: string;
  promotion: PublicPromotion;
  /** Epoch ms. */
  expires: number;
}

export interface MadePreview {
  id: number;
  /** What the link carries behind `#promo-edge-preview=`. */
  token: string;
}

/** One that can still be opened. */
export interface OpenPreview {
  id: number;
  slot: string;
  /** Id of the draft. */
  promotion: string;
  /** Epoch ms. */
  expires: number;
}

export interface Previews {
  make(site: string, slot: string, draft: Promotion, expires: number, now: number): MadePreview;
  /**
   * @throws Refusal `bad-preview` where it was forged, altered, signed for another site, taken back or has expired:
   *   whoever holds it is not told which
   */
  read(site: string, token: string, now: number): Preview;
  open(site: string, now: number): OpenPreview[];
  /** Takes a link back, at once and for good. @returns false where none of this site could be opened */
  revoke(site: string, id: number, who: string, now: number): boolean;
}

const tokenSchema = v.object({ site: v.string(), preview: v.number(), expires: v.number() });

export function previewsOf(db: Db, keys: CouponKeys): Previews {
  const insert = db.prepare('insert into promotion_preview (site, slot, body, expires) values (?, ?, ?, ?)');
  const good = 'id not in (select preview from preview_revocation)';
  const find = db.prepare(
    `select slot, body from promotion_preview where id = ? and site = ? and expires > ? and ${good}`,
  );
  const open = db.prepare(
    `select id, slot, json_extract(body, '$.id') as promotion, expires from promotion_preview
     where site = ? and expires > ? and ${good} order by id`,
  );
  const revoke = db.prepare('insert into preview_revocation (preview, at, who) values (?, ?, ?)');
  const sweep = db.prepare('delete from promotion_preview where expires <= ?');
  return {
    make(site, slot, draft, expires, now) {
      sweep.run(now);
      const body = JSON.stringify(publicPromotion(draft));
      const id = Number(insert.run(site, slot, body, expires).lastInsertRowid);
      return { id, token: signToken({ site, preview: id, expires }, keys.of(site, 'preview')) };
    },
    read(site, token, now) {
      const parsed = v.safeParse(tokenSchema, readToken(token, keys.of(site, 'preview')));
      const { preview, expires } = parsed.success ? parsed.output : { preview: 0, expires: 0 };
      const ours = parsed.success && parsed.output.site === site;
      const row = (ours ? find.get(preview, site, now) : undefined) as
        | { slot: string; body: string }
        | undefined;
      if (row === undefined)
        throw new Refusal('bad-preview', 'expected the link of a preview that can be opened', 'preview');
      return { slot: row.slot, promotion: JSON.parse(row.body) as PublicPromotion, expires };
    },
    open: (site, now) => open.all(site, now) as OpenPreview[],
    revoke: (site, id, who, now) =>
      find.get(id, site, now) !== undefined && revoke.run(id, now, who).changes === 1,
  };
}
