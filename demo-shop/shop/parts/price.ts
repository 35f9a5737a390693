import { html, nothing, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import type { ShopProduct } from '../catalogue.ts';

/** The price, and where it is reduced the old one, both named for screen readers. */
export const priceOf = (app: App, { price, listPrice }: ShopProduct): TemplateResult => html`
  <span class="price ${listPrice === undefined ? '' : 'reduced'}">
    ${
      listPrice === undefined
        ? nothing
        : html`<s><span class="quiet-label">${app.word('was')} </span>${app.money(listPrice)}</s>
            <span class="quiet-label">${app.word('now')} </span>`
    }<strong>${app.money(price)}</strong>
  </span>
`;
