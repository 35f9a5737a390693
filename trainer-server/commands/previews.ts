/** `coupons preview` and `coupons previews`: links of drafts, made, listed and taken back at the command line. */

import { readFileSync } from 'node:fs';
import { BadInput } from '../../shared/errors.ts';
import { readPromotions } from '../../shared/promotion.ts';
import type { Coupons } from '../coupons/coupons.ts';
import { PREVIEW } from '../coupons/preview.ts';
import { refuseSensitiveOffer } from '../law/sensitive.ts';
import { COMMAND_LINE } from '../store/audit.ts';
import type { Store } from '../store/store.ts';
import type { Io, OptionValues } from './command.ts';
import { needed, numberOption, siteOption } from './options.ts';

/** Prints the link of a draft. @returns exit status @throws BadInput */
export function preview(coupons: Coupons, store: Store, values: OptionValues, io: Io): number {
  const [site, id] = [siteOption(values), needed(values, 'promotion', 'the id of a promotion in the file')];
  const file = needed(values, 'file', 'a file of promotions');
  const slot = needed(values, 'slot', 'the slot that shows it');
  const page = new URL(needed(values, 'shop', 'the address of a page of the shop'));
  const currency = typeof values.currency === 'string' ? values.currency.toUpperCase() : 'EUR';
  const { hours, mostHours } = PREVIEW;
  const life = numberOption(values, 'hours', { fallback: hours, min: 0.01, max: mostHours });
  const draft = readPromotions(JSON.parse(readFileSync(file, 'utf8')), currency).find((one) => one.id === id);
  if (draft === undefined) throw new BadInput({ file }, `a promotion ${id}`, 'none of that id');
  refuseSensitiveOffer(store, site, draft);
  const expires = io.now() + life * 3_600_000;
  page.hash = store.transaction(() => {
    const made = coupons.previews.make(site, slot, draft, expires, io.now());
    const detail = { id: made.id, promotion: id, slot, expires };
    store.audit.add({ at: io.now(), site, who: COMMAND_LINE, action: 'preview', detail });
    return `promo-edge-preview=${made.token}`;
  });
  io.out(page.href);
  return 0;
}

/** Prints those that can be opened, or takes one back. @returns exit status @throws BadInput */
export function previews(coupons: Coupons, store: Store, values: OptionValues, io: Io): number {
  const site = siteOption(values);
  if (values.revoke === undefined) {
    for (const open of coupons.previews.open(site, io.now())) io.out(JSON.stringify(open));
    return 0;
  }
  const id = numberOption(values, 'revoke', { fallback: 0, min: 1, max: 1e9, integer: true });
  store.transaction(() => {
    if (!coupons.previews.revoke(site, id, COMMAND_LINE, io.now()))
      throw new BadInput({ field: '--revoke' }, 'a preview that can be opened', String(id));
    store.audit.add({ at: io.now(), site, who: COMMAND_LINE, action: 'preview-revoke', detail: { id } });
  });
  io.progress.say(`preview ${id} can be opened no more`);
  return 0;
}
