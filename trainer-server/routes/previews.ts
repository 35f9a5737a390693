/** Previews of drafts: people make links and take them back, browsers that hold one see the draft in its slot. */

import { Hono } from 'hono';
import * as v from 'valibot';
import { readPromotion } from '../../shared/promotion.ts';
import { read } from '../../shared/read.ts';
import { requireRole } from '../access/caller.ts';
import { EDITORS, READERS } from '../access/roles.ts';
import type { Coupons } from '../coupons/coupons.ts';
import { PREVIEW } from '../coupons/preview.ts';
import { refuseSensitiveOffer } from '../law/sensitive.ts';
import type { Store } from '../store/store.ts';
import { ApiError } from './api-error.ts';
import { jsonBody } from './json-body.ts';
import { describe, type Operation } from './operation.ts';
import { siteOf } from './site.ts';

const HOUR = 3_600_000;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(100));
const at = v.pipe(v.number(), v.description('epoch ms'));

const draftSchema = v.strictObject({
  slot: text,
  /** As promotions.json has it, money in major units. */
  promotion: v.record(v.string(), v.unknown()),
  /** Of its amounts, where it names none. */
  currency: v.exactOptional(v.pipe(v.string(), v.regex(/^[A-Z]{3}$/))),
  hours: v.exactOptional(v.pipe(v.number(), v.gtValue(0), v.maxValue(PREVIEW.mostHours))),
});

const previewSchema = v.strictObject({ preview: v.pipe(v.string(), v.minLength(1), v.maxLength(8_192)) });

const MAKE: Operation = {
  summary: 'A link that shows a draft in a slot of the shop; it can neither be claimed nor is it logged',
  body: draftSchema,
  answer: v.object({ id: v.number(), preview: v.string(), fragment: v.string(), expires: at }),
};
const LIST: Operation = {
  summary: 'Previews that can still be opened',
  answer: v.object({
    previews: v.array(v.object({ id: v.number(), slot: v.string(), promotion: v.string(), expires: at })),
  }),
};
const REVOKE: Operation = {
  summary: 'Takes the link of a preview back, at once and for good',
  answer: v.object({ revoked: v.number() }),
};
const LOOK: Operation = {
  summary: 'The draft that a link shows, until it expires',
  body: previewSchema,
  answer: v.object({ slot: v.string(), promotion: v.record(v.string(), v.unknown()), expires: at }),
};

export function previewsRoute(store: Store, { previews }: Coupons, now: () => number): Hono {
  return new Hono()
    .post('/admin/sites/:site/previews', describe(MAKE), requireRole(...EDITORS), async (c) => {
      const site = siteOf(c);
      const {
        slot,
        promotion,
        currency = 'EUR',
        hours = PREVIEW.hours,
      } = read(draftSchema, await jsonBody(c));
      const draft = readPromotion(promotion, currency);
      refuseSensitiveOffer(store, site, draft);
      const expires = now() + hours * HOUR;
      const { id, token } = store.transaction(() => {
        const made = previews.make(site, slot, draft, expires, now());
        const detail = { id: made.id, promotion: draft.id, slot, expires };
        store.audit.add({ at: now(), site, who: c.get('caller').owner, action: 'preview', detail });
        return made;
      });
      c.header('Cache-Control', 'no-store');
      return c.json({ id, preview: token, fragment: `#promo-edge-preview=${token}`, expires }, 201);
    })
    .get('/admin/sites/:site/previews', describe(LIST), requireRole(...READERS), (c) => {
      c.header('Cache-Control', 'no-store');
      return c.json({ previews: previews.open(siteOf(c), now()) });
    })
    .delete('/admin/sites/:site/previews/:id', describe(REVOKE), requireRole(...EDITORS), (c) => {
      const [site, id, who] = [siteOf(c), Number(c.req.param('id')), c.get('caller').owner];
      store.transaction(() => {
        if (!Number.isSafeInteger(id) || !previews.revoke(site, id, who, now()))
          throw new ApiError(404, 'not-found', `no preview ${c.req.param('id')} can be opened`, 'id');
        store.audit.add({ at: now(), site, who, action: 'preview-revoke', detail: { id } });
      });
      return c.json({ revoked: id });
    })
    .post('/s/:site/previews', describe(LOOK), async (c) => {
      const { preview } = read(previewSchema, await jsonBody(c));
      c.header('Cache-Control', 'no-store');
      return c.json(previews.read(siteOf(c), preview, now()));
    });
}
