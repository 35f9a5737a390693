import { html, type TemplateResult } from 'lit-html';
import { repeat } from 'lit-html/directives/repeat.js';
import type { PricedCart } from '../../../trainer-server/client/till.ts';
import { standingOf } from '../../cart/standing.ts';
import { type App, giftsOf } from '../app.ts';
import { Companions } from '../parts/companions.ts';
import { empty } from '../parts/empty.ts';
import { pictureOf } from '../parts/picture.ts';
import { quantity } from '../parts/quantity.ts';
import type { PageSlots } from '../slot.ts';
import type { Page } from './page.ts';

export const cart: Page = (app, _place, slots) => {
  const companions = new Companions(app, { slot: 'cart', promotion: () => slots.promotion('cart') });
  return { title: app.word('cart'), render: () => basket(app, slots, companions) };
};

function basket(app: App, slots: PageSlots, companions: Companions): TemplateResult {
  const lines = app.cartLines();
  if (lines.length === 0) return empty(app, app.word('cartEmpty'), app.word('cartEmptyText'), '/c/tea');
  const priced = app.priced();
  const held = lines.map(({ product }) => product);
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
          ${giftsOf(priced).map((sku) => gift(app, sku))}
        </ul>
        ${slots.element('cart')}
      </div>
      <section class="summary" aria-label=${app.word('total')}>
        ${summary(app, priced)}
        <button type="button" class="button wide" @click=${() => app.beginCheckout()}>${app.word('checkout')}</button>
      </section>
    </div>
    ${companions.render(held, app.word('goesWithCart'), 'cart_goes_with')}
  `;
}

function row(
  app: App,
  line: ReturnType<App['cartLines']>[number],
  priced: PricedCart,
  i: number,
): TemplateResult {
  const { product } = line;
  const { gross, net } = priced.lines[i]!;
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
      ${net < gross ? html`<s>${app.money(gross)}</s>` : ''} <strong>${app.money(net)}</strong>
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
export function summary(app: App, priced: PricedCart): TemplateResult {
  const { lines, shipping, total, applied } = priced;
  const points = applied.reduce((sum, one) => sum + (one.points ?? 0), 0);
  return html`
    <dl class="sums">
      <div><dt>${app.word('subtotal')}</dt><dd>${app.money(lines.reduce((sum, line) => sum + line.gross, 0))}</dd></div>
      ${app.state.offers.map((id) => offerRow(app, id, priced))}
      <div>
        <dt>${app.word('shipping')}</dt>
        <dd>${shipping.net === 0 ? app.word('free') : app.money(shipping.net)}</dd>
      </div>
      <div class="sum-total">
        <dt>${app.word('total')}</dt>
        <dd data-total=${total}>${app.money(total)}</dd>
      </div>
    </dl>
    ${points > 0 ? html`<p class="points">+ ${app.word('points', { n: points })}</p>` : ''}
    <p class="small">${app.word('vat')}</p>
  `;
}

function offerRow(app: App, id: string, priced: PricedCart): TemplateResult | string {
  const words = app.catalogue.promotion(id)?.creative[app.language];
  if (words === undefined) return '';
  const applies = priced.applied.some(({ promotion }) => promotion === id);
  return html`
    <div class="offer ${applies ? '' : 'off'}">
      <dt>
        ${words.title}
        <button type="button" class="textual" aria-label="${app.word('remove')}: ${words.title}"
          @click=${() => app.dropOffer(id)}>${app.word('remove')}</button>
        ${codeOf(app, id)}
      </dt>
      <dd>${standing(app, id, priced)}</dd>
    </div>
  `;
}

function codeOf(app: App, id: string): TemplateResult | '' {
  const claimed = app.state.claims[id];
  if (claimed === undefined) return '';
  const time = new Date(claimed.expires).toLocaleTimeString(app.language === 'zh' ? 'zh-CN' : 'en-IE', {
    ...{ hour: '2-digit', minute: '2-digit' },
  });
  return html`<p class="small code">${app.word('code', { code: claimed.code, time })}</p>`;
}

function standing(app: App, id: string, priced: PricedCart): string {
  const stands = standingOf(id, priced);
  if ('saved' in stands) return app.money(-stands.saved);
  const { m, skus } = stands.fill ?? {};
  const titles = String(skus ?? '')
    .split(', ')
    .flatMap((sku) => app.catalogue.product(sku) ?? [])
    .map((product) => app.title(product));
  return app.word(stands.word, {
    ...stands.fill,
    ...(typeof m === 'number' ? { m: app.money(m) } : {}),
    titles: titles.join(' · '),
  });
}
