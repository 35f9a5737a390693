/**
 * Previews: a draft in one slot of the shop, for who holds the link, until it expires. A link opens nothing else: it is
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

export interface Previews {
  /** @returns what the link carries behind `#promo-edge-preview=` */
  make(site: string, slot: string, draft: Promotion, expires: number, now: number): string;
  /** @throws Refusal `bad-preview` where it was forged, altered, signed for another site or has expired */
  read(site: string, token: string, now: number): Preview;
}

const tokenSchema = v.object({ site: v.string(), preview: v.number(), expires: v.number() });

export function previewsOf(db: Db, keys: CouponKeys): Previews {
  const insert = db.prepare('insert into promotion_preview (site, slot, body, expires) values (?, ?, ?, ?)');
  const find = db.prepare('select slot, body from promotion_preview where id = ? and site = ?');
  const sweep = db.prepare('delete from promotion_preview where expires <= ?');
  return {
    make(site, slot, draft, expires, now) {
      sweep.run(now);
      const body = JSON.stringify(publicPromotion(draft));
      const preview = Number(insert.run(site, slot, body, expires).lastInsertRowid);
      return signToken({ site, preview, expires }, keys.of(site, 'preview'));
    },
    read(site, token, now) {
      const parsed = v.safeParse(tokenSchema, readToken(token, keys.of(site, 'preview')));
      const { preview, expires } = parsed.success ? parsed.output : { preview: 0, expires: 0 };
      const row =
        parsed.success && parsed.output.site === site && expires > now
          ? (find.get(preview, site) as { slot: string; body: string } | undefined)
          : undefined;
      if (row === undefined)
        throw new Refusal('bad-preview', 'expected the link of a preview that has not expired', 'preview');
      return { slot: row.slot, promotion: JSON.parse(row.body) as PublicPromotion, expires };
    },
  };
}
