import { html } from 'lit-html';
import { empty } from '../parts/empty.ts';
import { productGrid } from '../parts/product-card.ts';
import type { Page } from './page.ts';

export const wishes: Page = (app) => ({
  title: app.word('wishes'),
  render() {
    const products = app.state.wishes.flatMap((sku) => app.catalogue.product(sku) ?? []);
    if (products.length === 0) return empty(app, app.word('wishesEmpty'), app.word('wishesEmptyText'));
    return html`<h1>${app.word('wishes')}</h1>${productGrid(app, products, 'wishes')}`;
  },
});
