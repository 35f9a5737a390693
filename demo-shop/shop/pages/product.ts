import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { type ShopProduct, slugOf } from '../catalogue.ts';
import { Companions } from '../parts/companions.ts';
import { pictureOf } from '../parts/picture.ts';
import { priceOf } from '../parts/price.ts';
import { wishButton } from '../parts/product-card.ts';
import { quantity } from '../parts/quantity.ts';
import { star, stars } from '../parts/stars.ts';
import { itemOf, push } from '../tracking.ts';
import { trail } from './category.ts';
import type { Page } from './page.ts';

/** Below this a visit was a glance, and says nothing. */
const LEAST_DWELL_MS = 1000;

export const product: Page = (app, place, slots) => {
  const shown = app.catalogue.product(place.path[1] ?? '');
  if (shown === undefined) return undefined;
  const companions = new Companions(app, { slot: 'product', promotion: () => slots.promotion('product') });
  let count = 1;
  const since = app.now();
  const choose = (value: number): void => {
    count = value;
    app.store.update({});
  };
  return {
    title: app.title(shown),
    arrived() {
      push('view_item', { currency: 'EUR', value: shown.price / 100, items: [itemOf(shown)] });
    },
    left() {
      const dwell = app.now() - since;
      if (dwell >= LEAST_DWELL_MS) push('dwell', { items: [itemOf(shown)], dwell_ms: dwell });
    },
    render: () => html`
      ${trail(
        app,
        shown.category.map((name) => slugOf(name)),
        app.title(shown),
      )}
      <article class="product">
        <div class="product-picture">${pictureOf(app, shown, false)}${wishButton(app, shown)}</div>
        <div class="product-words">
          <p class="card-brand">${shown.brand}</p>
          <h1>${app.title(shown)}</h1>
          <p>${stars(app, shown)}</p>
          <p class="product-price">${priceOf(app, shown)} <small>${app.word('vat')}</small></p>
          <p class="product-text">${shown.text[app.language === 'zh' ? 1 : 0]}</p>
          <p class="stock ${shown.stock === 0 ? 'none' : ''}">${stockOf(app, shown)}</p>
          <div class="buy">
            ${quantity(app, count, app.title(shown), choose, 1)}
            <button type="button" class="button" ?disabled=${shown.stock === 0} @click=${() => app.add(shown, count)}>
              ${app.word('add')}
            </button>
          </div>
          ${slots.element('product')} ${facts(app, shown)} ${rating(app, shown)}
        </div>
      </article>
      ${companions.render([shown], app.word('goesWith'), 'goes_with')}
    `,
  };
};

function stockOf(app: App, { stock }: ShopProduct): string {
  if (stock === 0) return app.word('soldOut');
  return stock < 6 ? app.word('few', { n: stock }) : app.word('inStock');
}

function facts(app: App, { colour, size, brand, sku }: ShopProduct): TemplateResult {
  const language = app.language === 'zh' ? 1 : 0;
  return html`
    <dl class="facts">
      <div><dt>${app.word('size')}</dt><dd>${size[language]}</dd></div>
      <div><dt>${app.word('colour')}</dt><dd>${colour[language]}</dd></div>
      <div><dt>${app.word('maker')}</dt><dd>${brand}</dd></div>
      <div><dt>${app.word('sku')}</dt><dd>${sku}</dd></div>
    </dl>
  `;
}

function rating(app: App, shown: ShopProduct): TemplateResult {
  const given = app.state.ratings[shown.sku];
  return html`
    <fieldset class="rate">
      <legend>${app.word('yourRating')}</legend>
      ${[1, 2, 3, 4, 5].map(
        (value) => html`
          <label class=${given !== undefined && value <= given ? 'lit' : ''}>
            <input type="radio" name="rating" value=${value} .checked=${given === value}
              @change=${() => app.rate(shown, value)} />
            <span aria-hidden="true">${star}</span><span class="quiet-label">${app.word('ratingOf', { r: value })}</span>
          </label>
        `,
      )}
    </fieldset>
  `;
}
