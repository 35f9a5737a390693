import { html, nothing, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { App } from '../app.ts';
import type { ShopProduct } from '../catalogue.ts';
import { itemOf, push } from '../tracking.ts';
import { ICONS } from './icons.ts';
import { pictureOf } from './picture.ts';
import { priceOf } from './price.ts';
import { stars } from './stars.ts';

/**
 * A product in a list.
 * @param list its GA4 name, reported when the product is chosen from it
 * @param note why it stands there; no line is kept free for it where no product of the list has one
 */
export function productCard(app: App, product: ShopProduct, list: string, note?: string): TemplateResult {
  const chosen = (): void => push('select_item', { item_list_id: list, items: [itemOf(product)] });
  return html`
    <article class="card" data-sku=${product.sku}>
      <a class="card-link" href="/p/${product.sku}" @click=${chosen}>
        <span class="card-picture">${pictureOf(app, product)}${badge(app, product)}</span>
        <span class="card-brand">${product.brand}</span>
        <span class="card-title">${app.title(product)}</span>
        ${note === undefined ? nothing : html`<span class="card-note">${note}</span>`}
      </a>
      <div class="card-line">${stars(app, product)}</div>
      <div class="card-line">${priceOf(app, product)}</div>
      ${wishButton(app, product)} ${addButton(app, product)}
    </article>
  `;
}

/** A grid of them. */
export const productGrid = (
  app: App,
  products: readonly ShopProduct[],
  list: string,
  note: (product: ShopProduct) => string | undefined = () => undefined,
): TemplateResult => html`
  <ul class="grid">
    ${repeat(
      products,
      (product) => product.sku,
      (product) => html`<li>${productCard(app, product, list, note(product))}</li>`,
    )}
  </ul>
`;

function badge(app: App, product: ShopProduct): TemplateResult | string {
  if (product.stock === 0) return html`<span class="badge sold-out">${app.word('soldOut')}</span>`;
  if (product.listPrice === undefined) return '';
  const percent = Math.round(100 * (1 - product.price / product.listPrice));
  return html`<span class="badge">−${percent}%</span>`;
}

function addButton(app: App, product: ShopProduct): TemplateResult {
  return html`
    <button type="button"
      class="add"
      ?disabled=${product.stock === 0}
      aria-label="${app.word('add')}: ${app.title(product)}"
      @click=${() => app.add(product)}
    >
      ${ICONS.basket}
    </button>
  `;
}

export function wishButton(app: App, product: ShopProduct): TemplateResult {
  const wished = app.state.wishes.includes(product.sku);
  return html`
    <button type="button"
      class="wish"
      aria-pressed=${wished}
      aria-label="${app.word(wished ? 'unwish' : 'wish')}: ${app.title(product)}"
      @click=${() => app.toggleWish(product)}
    >
      ${ICONS.heart}
    </button>
  `;
}
