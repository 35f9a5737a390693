import { html, type TemplateResult } from 'lit-html';
import type { App } from '../app.ts';
import { type ShopProduct, slugOf } from '../catalogue.ts';
import { productGrid } from '../parts/product-card.ts';
import { itemOf, push } from '../tracking.ts';
import type { Page } from './page.ts';

const SORTS = {
  popular: (app: App, products: readonly ShopProduct[]) => {
    const first = app.catalogue.popular(products);
    return [...first, ...products.filter((product) => !first.includes(product))];
  },
  up: (_: App, products: readonly ShopProduct[]) => [...products].sort((a, b) => a.price - b.price),
  down: (_: App, products: readonly ShopProduct[]) => [...products].sort((a, b) => b.price - a.price),
  rating: (_: App, products: readonly ShopProduct[]) => [...products].sort((a, b) => b.rating - a.rating),
} as const;
type Sort = keyof typeof SORTS;

const SORT_WORDS = {
  popular: 'sortPopular',
  up: 'sortPriceUp',
  down: 'sortPriceDown',
  rating: 'sortRating',
} as const;

/** GA4 lists are long; the first screens are what was seen. */
const REPORTED = 12;

export const category: Page = (app, place, slots) => {
  const slugs = place.path.slice(1);
  const name = app.catalogue.named(slugs);
  if (name === undefined) return undefined;
  const asked = place.query.get('sort') ?? 'popular';
  const sort: Sort = asked in SORTS ? (asked as Sort) : 'popular';
  const products = SORTS[sort](app, app.catalogue.within(slugs));
  const title = app.catalogue.categoryName(name, app.language);
  return {
    title,
    arrived: () =>
      push('view_item_list', {
        item_list_id: slugs.join('/'),
        items: products.slice(0, REPORTED).map((product) => itemOf(product)),
      }),
    render: () => html`
      ${trail(app, slugs)}
      <div class="list-head">
        <h1>${app.catalogue.categoryName(name, app.language)}</h1>
        <p>${products.length} ${app.word('products')}</p>
        ${sorting(app, slugs, sort)}
      </div>
      ${chips(app, slugs)} ${slots.element('category')} ${productGrid(app, products, slugs.join('/'))}
    `,
  };
};

const address = (slugs: readonly string[]): string => `/c/${slugs.join('/')}`;

/** Where the shopper stands, from the door. */
export function trail(app: App, slugs: readonly string[], last?: string): TemplateResult {
  return html`
    <nav class="trail" aria-label=${app.word('path')}>
      <ol>
        <li><a href="/">${app.word('home')}</a></li>
        ${slugs.map((_, i) => {
          const name = app.catalogue.named(slugs.slice(0, i + 1)) ?? '';
          return html`<li>
            <a href=${address(slugs.slice(0, i + 1))}>${app.catalogue.categoryName(name, app.language)}</a>
          </li>`;
        })}
        ${last === undefined ? '' : html`<li aria-current="page">${last}</li>`}
      </ol>
    </nav>
  `;
}

function chips(app: App, slugs: readonly string[]): TemplateResult | string {
  const below = app.catalogue.below(slugs);
  if (below.length < 2) return '';
  return html`
    <ul class="chips">
      ${below.map(
        (name) => html`<li>
          <a class="chip" href=${address([...slugs, slugOf(name)])}>${app.catalogue.categoryName(name, app.language)}</a>
        </li>`,
      )}
    </ul>
  `;
}

function sorting(app: App, slugs: readonly string[], sort: Sort): TemplateResult {
  return html`
    <label class="sorting">
      ${app.word('sort')}
      <select @change=${(event: Event) => app.go(`${address(slugs)}?sort=${(event.target as HTMLSelectElement).value}`)}>
        ${Object.entries(SORT_WORDS).map(
          ([value, label]) =>
            html`<option value=${value} ?selected=${value === sort}>${app.word(label)}</option>`,
        )}
      </select>
    </label>
  `;
}
