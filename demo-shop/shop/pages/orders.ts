import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { empty } from '../parts/empty.ts';
import { pictureOf } from '../parts/picture.ts';
import type { Order } from '../state.ts';
import type { Page } from './page.ts';

/** The confirmation, and later the record, of one order. */
export const order: Page = (app, place) => {
  const find = (): Order | undefined => app.state.orders.find((candidate) => candidate.id === place.path[1]);
  if (find() === undefined) return undefined;
  return {
    title: `${app.word('order')} ${place.path[1]}`,
    render: () => html`
      <section class="thanks">
        <h1>${app.word('thanks')}</h1>
        <p>${app.word('thanksText')}</p>
      </section>
      ${orderBox(app, find()!)}
      <p><a class="button plain" href="/">${app.word('keepShopping')}</a></p>
    `,
  };
};

export const orders: Page = (app) => ({
  title: app.word('orders'),
  render() {
    if (app.state.orders.length === 0)
      return empty(app, app.word('ordersEmpty'), app.word('ordersEmptyText'));
    return html`<h1>${app.word('orders')}</h1>${app.state.orders.map((held) => orderBox(app, held))}`;
  },
});

function orderBox(app: App, order: Order): TemplateResult {
  const { id, at, lines, total, refunded } = order;
  const date = new Intl.DateTimeFormat(app.language === 'zh' ? 'zh-CN' : 'en-IE', { dateStyle: 'long' });
  return html`
    <article class="order">
      <header>
        <h2><a href="/order/${id}">${app.word('order')} ${id}</a></h2>
        <p>${date.format(at)} · <strong>${app.money(total)}</strong></p>
        ${
          refunded
            ? html`<p class="badge">${app.word('refunded')}</p>`
            : html`<button type="button" class="textual" @click=${() => void app.refund(order)}>
                ${app.word('refund')}
              </button>`
        }
      </header>
      <ul class="order-lines">
        ${lines.map(({ sku, quantity, paid }) => {
          const product = app.catalogue.product(sku);
          if (product === undefined) return '';
          return html`<li>
            <a href="/p/${sku}">${pictureOf(app, product)}<span>${app.title(product)} <small>×\u00a0${quantity}</small></span></a>
            <span>${app.money(paid)}</span>
          </li>`;
        })}
        ${order.gifts.map((sku) => gift(app, sku))}
      </ul>
      <p class="small order-terms">${terms(app, order)}</p>
    </article>
  `;
}

function gift(app: App, sku: string): TemplateResult | string {
  const product = app.catalogue.product(sku);
  if (product === undefined) return '';
  return html`<li class="gift">
    <a href="/p/${sku}">${pictureOf(app, product)}<span>${app.title(product)}</span></a>
    <span>${app.word('gift')}</span>
  </li>`;
}

/** What the sum rests on beside the lines: delivery, and the offers that were used. */
function terms(app: App, { delivery, offers }: Order): string {
  const fee = `${app.word('shipping')}: ${delivery === 0 ? app.word('free') : app.money(delivery)}`;
  const used = offers.flatMap((id) => app.catalogue.promotion(id)?.creative[app.language].title ?? []);
  return [fee, ...used].join(' · ');
}
