/** Which page stands at which address. */

import { html } from 'lit-html';
import { cart } from './cart.ts';
import { category } from './category.ts';
import { checkout } from './checkout.ts';
import { home } from './home.ts';
import { order, orders } from './orders.ts';
import type { Page } from './page.ts';
import { privacy } from './privacy.ts';
import { product } from './product.ts';
import { qa } from './qa.ts';
import { search } from './search.ts';
import { wishes } from './wishes.ts';

const PAGES: Readonly<Record<string, Page>> = {
  '': home,
  c: category,
  p: product,
  search,
  cart,
  checkout,
  order,
  orders,
  wishes,
  privacy,
  qa,
};

const missing: Page = (app) => ({
  title: app.word('notFound'),
  missing: true,
  render: () => html`
    <section class="empty">
      <img src="/pictures/empty.svg" alt="" width="160" height="160" />
      <h1>${app.word('notFound')}</h1>
      <p>${app.word('notFoundText')}</p>
      <a class="button" href="/">${app.word('keepShopping')}</a>
    </section>
  `,
});

/** The page of an address; a page may say that its product or category does not exist. */
export const pageAt: Page = (app, place, slots) =>
  (Object.hasOwn(PAGES, place.path[0] ?? '') ? PAGES[place.path[0] ?? '']!(app, place, slots) : undefined) ??
  missing(app, place, slots);
