import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { AppliedOffer, Totals } from '../../cart/price.ts';
import type { App } from '../app.ts';
import { empty } from '../parts/empty.ts';
import { pictureOf } from '../parts/picture.ts';
import { quantity } from '../parts/quantity.ts';
import type { Page } from './page.ts';

export const cart: Page = (app, _place, slots) => ({
  title: app.word('cart'),
  render() {
    const lines = app.cartLines();
    if (lines.length === 0) return empty(app, app.word('cartEmpty'), app.word('cartEmptyText'), '/c/tea');
    const priced = app.totals();
    return html`
      <h1>${app.word('cart')}</h1>
      <div class="basket">
        <div>
          <ul class="lines">
            ${repeat(
              lines,
              (line) => line.sku,
              (line, i) => html`<li>${row(app, line, priced, i)}</li>`,
            )}
            ${priced.gifts.map((sku) => gift(app, sku))}
          </ul>
          ${slots.element('cart')}
        </div>
        <section class="summary" aria-label=${app.word('total')}>
          ${summary(app, priced)}
          <button type="button" class="button wide" @click=${() => app.beginCheckout()}>${app.word('checkout')}</button>
        </section>
      </div>
    `;
  },
});

function row(
  app: App,
  line: ReturnType<App['cartLines']>[number],
  priced: Totals,
  i: number,
): TemplateResult {
  const { product } = line;
  const { before, after } = priced.lines[i]!;
  return html`
    <a class="line-picture" href="/p/${product.sku}" tabindex="-1" aria-hidden="true">${pictureOf(app, product)}</a>
    <div class="line-words">
      <a href="/p/${product.sku}">${app.title(product)}</a>
      <p class="card-brand">${product.brand} · ${app.money(product.price)}</p>
      <div class="line-acts">
        ${quantity(app, line.quantity, app.title(product), (value) => app.setQuantity(product, value))}
        <button type="button" class="textual" aria-label="${app.word('remove')}: ${app.title(product)}"
          @click=${() => app.setQuantity(product, 0)}>${app.word('remove')}</button>
      </div>
    </div>
    <p class="line-price">
      ${after < before ? html`<s>${app.money(before)}</s>` : ''} <strong>${app.money(after)}</strong>
    </p>
  `;
}

function gift(app: App, sku: string): TemplateResult | string {
  const product = app.catalogue.product(sku);
  if (product === undefined) return '';
  return html`<li class="gift">
    <span class="line-picture">${pictureOf(app, product)}</span>
    <div class="line-words">${app.title(product)}<p class="card-brand">${app.word('gift')}</p></div>
    <p class="line-price"><strong>${app.word('free')}</strong></p>
  </li>`;
}

/** Sums and offers, the same in the basket and at the checkout. */
export function summary(app: App, priced: Totals): TemplateResult {
  return html`
    <dl class="sums">
      <div><dt>${app.word('subtotal')}</dt><dd>${app.money(priced.subtotal)}</dd></div>
      ${priced.offers.map((offer) => offerRow(app, offer))}
      <div>
        <dt>${app.word('shipping')}</dt>
        <dd>${priced.delivery === 0 ? app.word('free') : app.money(priced.delivery)}</dd>
      </div>
      <div class="sum-total">
        <dt>${app.word('total')}</dt>
        <dd data-total=${priced.total}>${app.money(priced.total)}</dd>
      </div>
    </dl>
    ${priced.points > 0 ? html`<p class="points">+ ${app.word('points', { n: priced.points })}</p>` : ''}
    <p class="small">${app.word('vat')}</p>
  `;
}

function offerRow(app: App, offer: AppliedOffer): TemplateResult | string {
  const words = app.catalogue.promotion(offer.id)?.creative[app.language];
  if (words === undefined) return '';
  return html`
    <div class="offer ${offer.applied ? '' : 'off'}">
      <dt>
        ${words.title}
        <button type="button" class="textual" aria-label="${app.word('remove')}: ${words.title}"
          @click=${() => app.dropOffer(offer.id)}>${app.word('remove')}</button>
      </dt>
      <dd>${standing(app, offer)}</dd>
    </div>
  `;
}

function standing(app: App, offer: AppliedOffer): string {
  if (offer.amount > 0) return app.money(-offer.amount);
  if (offer.applied) return app.word('applied');
  if (offer.missing !== undefined) return app.word('missing', { m: app.money(offer.missing) });
  return app.word(app.totals().offers.some((other) => other.applied) ? 'notBest' : 'notYet');
}
