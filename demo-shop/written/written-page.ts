/** A page of the shop as its server writes it: there at once, on a slow line and without a script. */

import { html } from 'lit-html';
import { App } from '../shop/app.ts';
import type { Catalogue } from '../shop/catalogue.ts';
import { fallbackText, room } from '../shop/offer-box.ts';
import { pageAt } from '../shop/pages/index.ts';
import { footer } from '../shop/parts/footer.ts';
import { header } from '../shop/parts/header.ts';
import { type Place, placeOf } from '../shop/router.ts';
import { FALLBACK, type PageSlots } from '../shop/slot.ts';
import { Store } from '../shop/state.ts';
import { EARLY } from './early.ts';
import { templateText } from './template-text.ts';

export interface Visit {
  pathname: string;
  /** With its question mark. */
  search: string;
  /** Of the request, as the browser sent it. */
  acceptLanguage: string | undefined;
}

/** While the script is still on its way. */
const PRELOAD = '<link rel="preload" href="/data/catalogue.json" as="fetch" crossorigin>';

/** Pages of what only the browser knows: the server writes their frame, and a page that is not there is the browser's to judge. */
const BROWSERS_OWN = new Set(['cart', 'checkout', 'order', 'orders', 'wishes', 'privacy', 'qa']);

/**
 * @param page the built `index.html`
 * @param now epoch ms
 * @returns 404 where no page, product or category is at the address
 */
export function writtenPage(
  page: string,
  catalogue: Catalogue,
  visit: Visit,
  now: () => number,
): { text: string; status: 200 | 404 } {
  const languages = visit.acceptLanguage === undefined ? [] : [visit.acceptLanguage];
  const store = new Store(undefined, languages);
  const app = new App(catalogue, store, () => undefined, now);
  const place = placeOf(visit);
  const { body, title, status } = bodyOf(app, place);
  const zh = app.language === 'zh';
  const text = page
    .replace('<html lang="en">', `<html lang="${zh ? 'zh-CN' : 'en'}">`)
    .replace(/<title>.*?<\/title>/, () => `<title>${title} · ${zh ? '灯巷' : 'Lantern Lane'}</title>`)
    .replace('<!-- early -->', () => `${PRELOAD}<script>${EARLY}</script>`)
    .replace('<div id="shop"></div>', () => `<div id="shop" data-written>${body}</div>`);
  return { text, status };
}

function bodyOf(app: App, place: Place): { body: string; title: string; status: 200 | 404 } {
  const own = BROWSERS_OWN.has(place.path[0] ?? '');
  const view = own ? undefined : pageAt(app, place, slotsOf(app));
  const template = html`${header(app, place)}
    <main id="main" tabindex="-1">${view?.render()}</main>
    ${footer(app)}`;
  return {
    body: templateText(template),
    title: templateText(view?.title ?? app.word('tagline')),
    status: view?.missing ? 404 : 200,
  };
}

/** Rooms of the height that a slot keeps; the browser decides what stands in them. */
function slotsOf(app: App): PageSlots {
  return {
    element: (name) =>
      html`<div class="slot slot-${name}">${fallbackText(app.word(FALLBACK[name]))}${room(app.catalogue.promotions, app.language)}</div>`,
    promotion: () => undefined,
  };
}
